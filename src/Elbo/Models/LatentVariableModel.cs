using Elbo.Data;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Models;

/// <summary>
/// A model log p(x) = ELBO + KL(q(z|x) ‖ p(z|x)) by the verbs that the tool and the report know, whichever model it is. Each verb builds a
/// graph for a batch of B rows, without dropout and with running statistics; compile it once and run it on every batch.
/// </summary>
public abstract class LatentVariableModel : ITrainable
{
    /// <summary>The shape of one row: <c>[n]</c> or <c>[C, H, W]</c>.</summary>
    public abstract Shape RowShape { get; }

    /// <summary>D, the number of latent dimensions.</summary>
    public abstract int LatentSize { get; }

    /// <summary>Whether there is an evidence lower bound; a deterministic autoencoder only reconstructs.</summary>
    public abstract bool HasBound { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public abstract TrainingGraph Build(Batch batch, bool isTraining);

    /// <summary>Throws unless data fit the model: rows of its shape, and values that its likelihood can explain.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ElboException">They do not; the message says which row or shape, and what to do.</exception>
    public virtual void CheckData(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Shape shape = Shape.Create(data.RowShape);
        if (!shape.Equals(RowShape))
            throw new ElboException($"The model expects rows of shape {RowShape}, but the rows of '{data.Name}' have shape {shape}; give data of that shape or fit a model to these.");
    }

    /// <summary>Scores rows by the evidence lower bound and its parts, whatever objective trained the model.</summary>
    /// <param name="rows">The rows, <c>[B, ...row]</c>.</param>
    /// <param name="samples">The draws of z for each row, at least 1.</param>
    /// <param name="sharedNoise">
    /// Whether all rows share the same noise, so that the score of a row does not depend on its place in the batch; else the noise is
    /// independent, which is better for means over rows.
    /// </param>
    public abstract RowEvaluation Evaluate(Tensor rows, int samples = 1, bool sharedNoise = false);

    /// <summary>The posterior mean E_q[z] of each row, never a draw: <c>[B, D]</c>.</summary>
    public abstract Tensor Encode(Tensor rows);

    /// <summary>E[x|z] at the posterior mean, <c>[B, ...row]</c>.</summary>
    public abstract Tensor Reconstruct(Tensor rows);

    /// <summary>E[x|z] for codes <c>[B, D]</c>: <c>[B, ...row]</c>.</summary>
    public abstract Tensor Decode(Tensor latent);

    /// <summary>Draws z ~ p(z), <c>[count, D]</c>.</summary>
    /// <exception cref="ElboException">The model has no prior.</exception>
    public abstract Tensor SamplePrior(int count);

    /// <summary>ln p(x, z) − ln q(z|x) for draws z ~ q(z|x), <c>[B, samples]</c>: the log importance weights whose mean weight estimates p(x).</summary>
    /// <param name="rows">The rows, <c>[B, ...row]</c>.</param>
    /// <param name="samples">The draws for each row, at least 1.</param>
    /// <exception cref="ElboException">The model has no bound.</exception>
    public abstract Tensor LogWeights(Tensor rows, int samples);
}
