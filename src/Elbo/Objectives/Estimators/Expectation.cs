using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// E_q[f(z)], whose gradient in the parameters of q (and in whatever else f is made of) an estimator builds. Both are graphs: q's parameters may be
/// variables, or outputs of a network.
/// </summary>
/// <param name="Distribution">q, over <c>[batch..., event...]</c>.</param>
/// <param name="Function">f, from draws <c>[..., batch..., event...]</c> with any number of leading dimensions to values <c>[..., batch...]</c>.</param>
public sealed record Expectation(Distribution Distribution, Func<Tensor, Tensor> Function)
{
    /// <summary>Where f is a sum of terms that each see only some elements of z: what those terms are. Null where f does not split.</summary>
    public SplitFunction? Split { get; init; }

    /// <summary>What q is conditioned on, <c>[batch, features]</c>, for baselines that look at it; null where nothing is.</summary>
    public Tensor? Condition { get; init; }
}

/// <summary>f(z) = Σⱼ fⱼ(z), where fⱼ depends on some of the elements of z only, under a q whose elements are independent.</summary>
/// <param name="Terms">The terms, from draws <c>[..., batch..., D]</c> to values <c>[..., batch..., J]</c>.</param>
/// <param name="Dependence">A constant <c>[D, J]</c>, 1 where fⱼ depends on element d, else 0; null where J = D and term d sees element d only.</param>
public sealed record SplitFunction(Func<Tensor, Tensor> Terms, Tensor? Dependence = null)
{
    /// <summary>For each element the sum of the terms that depend on it: <c>[..., batch..., J]</c> to <c>[..., batch..., D]</c>.</summary>
    internal Tensor PerElement(Tensor terms)
    {
        if (Dependence is null) return terms;
        int count = terms.Shape.ElementCount / terms.Shape[-1];
        Tensor sums = terms.Reshape([count, terms.Shape[-1]]).MatMul(Dependence, transposeOther: true);
        return sums.Reshape([.. terms.Shape.SkipLast(1), Dependence.Shape[0]]);
    }
}
