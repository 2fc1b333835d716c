using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// A way to estimate ∇E_q[f(z)] from draws. All estimators report the same value, the mean of f over draws of q; they differ in the gradient
/// that flows from it. For a survey: Mohamed, Rosca, Figurnov and Mnih 2020 (arXiv 1906.10652).
/// </summary>
/// <remarks>A new estimator from outside derives from this class.</remarks>
public abstract class GradientEstimator
{
    /// <summary>Creates an estimator.</summary>
    /// <param name="samples">S, the draws for each member of the batch, at least 1; gradients are means over them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is below 1.</exception>
    protected GradientEstimator(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        Samples = samples;
    }

    /// <summary>S, the draws for each member of the batch.</summary>
    public int Samples { get; }

    /// <summary>Whether the mean of its gradients is the gradient.</summary>
    public virtual bool IsUnbiased => true;

    /// <summary>The estimator's own parameters, trained ones and running averages; save them with the model to resume.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Builds the estimate.</summary>
    /// <param name="expectation">What to estimate.</param>
    /// <param name="context">The source of random keys, and where running averages are assigned.</param>
    /// <exception cref="ElboException">The estimator does not fit the distribution; the message says which do.</exception>
    public abstract Estimate Build(Expectation expectation, LayerContext context);

    /// <summary>f at draws, checked to be one number for each: <c>[S, batch...]</c>.</summary>
    private protected static Tensor Evaluate(Expectation expectation, Tensor draws)
    {
        Tensor values = expectation.Function(draws);
        Shape expected = Shape.Create(draws.Shape.AsSpan()[..^expectation.Distribution.EventRank]);
        return values.Shape.Equals(expected)
            ? values
            : throw new ElboException($"The function must give one number for each draw, {expected} for draws {draws.Shape}, but it gives {values.Shape}; sum over the event.");
    }
}
