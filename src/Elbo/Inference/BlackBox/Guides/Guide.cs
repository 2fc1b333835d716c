using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>The family of an approximate posterior q(z; λ) with free parameters λ: for one z, or for one z of each datum.</summary>
/// <remarks>A new family from outside derives from this record.</remarks>
public abstract record Guide
{
    /// <summary>Declares λ.</summary>
    /// <param name="batch">The data, each with a z and a part of λ of its own, <c>[batch...]</c>; a scalar's shape for one z.</param>
    /// <param name="size">D, the dimensions of z, at least 1.</param>
    /// <exception cref="ElboException">The family does not fit the size, or an option is out of its range.</exception>
    public abstract GuideParameters Declare(Shape batch, int size);

    /// <summary>Whether ln q is known at any point, not only at draws.</summary>
    public virtual bool HasDensity => true;

    private protected static Parameter Location(Shape batch, int size, IReadOnlyList<double>? start)
    {
        Shape shape = [.. batch, size];
        if (start is null) return new Parameter("guide.mean", shape, Initializer.Constant(0));
        if (start.Count != size) throw new ElboException($"The guide's start has {start.Count} numbers, but z has {size} dimensions.");
        return new Parameter("guide.mean", shape, Initializer.Values([.. Enumerable.Range(0, shape.ElementCount).Select(i => start[i % size])]));
    }

    private protected static Parameter LogScale(Shape batch, int size, double scale) => scale > 0 && double.IsFinite(scale)
        ? new Parameter("guide.logScale", [.. batch, size], Initializer.Constant(Math.Log(scale)))
        : throw new ElboException($"The guide's scale at the start is {scale}; it must be above 0.");
}

/// <summary>A guide's declared parameters.</summary>
/// <param name="Parameters">λ.</param>
/// <param name="Build">q(z; λ), over <c>[batch..., D]</c>, given what stands for each parameter: its variable, or a fitted constant.</param>
public sealed record GuideParameters(IReadOnlyList<Parameter> Parameters, Func<Func<Parameter, Tensor>, Distribution> Build);
