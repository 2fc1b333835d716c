using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// The exact log-likelihood of rows under a tractable model, as a graph over unconstrained variables: what <see cref="MarginalAscent"/> climbs. Derive from it for a
/// model of your own; its gradient is the engine's.
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
public abstract class LikelihoodGraph<TModel>
    where TModel : RowModel
{
    /// <summary>The parameters, without constraints: variances by their logarithms, probabilities by logits.</summary>
    public abstract IReadOnlyList<Variable> Variables { get; }

    /// <summary>ln p(xₙ) of each row in nats with every constant, <c>[N]</c>; missing values integrated out.</summary>
    public abstract Tensor LogDensity { get; }

    /// <summary>w, the weight of each row, <c>[N]</c>; empty where every row counts once.</summary>
    public abstract ReadOnlySpan<double> Weights { get; }

    /// <summary>Writes a model's parameters into the variables.</summary>
    /// <param name="model">The model.</param>
    /// <param name="store">Where the variables live.</param>
    /// <exception cref="ElboException">The model has other sizes.</exception>
    public abstract void Write(TModel model, VariableStore<double> store);

    /// <summary>Makes the model of the variables' values.</summary>
    /// <param name="store">Where the variables live.</param>
    public abstract TModel Read(VariableStore<double> store);

    /// <summary>Σ wₙ ln p(xₙ) / Σ wₙ, a scalar.</summary>
    public Tensor Objective()
    {
        Tensor densities = LogDensity;
        if (Weights.IsEmpty) return densities.Mean();
        double total = 0;
        foreach (double weight in Weights) total += weight;
        return (densities * Tensor.Constant([Weights.Length], Weights)).Sum() * (1 / total);
    }
}
