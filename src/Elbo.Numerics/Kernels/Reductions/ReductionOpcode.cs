namespace Elbo.Numerics;

/// <summary>The reductions that <see cref="ReductionKernels{T}"/> has loops for; p is the parameter of those that take one.</summary>
internal enum ReductionOpcode
{
    /// <summary>Σ x.</summary>
    Sum,

    /// <summary>Σ x².</summary>
    SumOfSquares,

    /// <summary>max x; NaN if any element is.</summary>
    Maximum,

    /// <summary>min x; NaN if any element is.</summary>
    Minimum,

    /// <summary>Σ exp(x − p).</summary>
    SumOfExponentials,

    /// <summary>Σ (x − p)².</summary>
    SumOfSquaredDeviations,
}
