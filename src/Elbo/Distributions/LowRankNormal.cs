using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The normal distribution N(μ, diag(d²) + WWᵀ) over vectors, with r directions of correlation: densities cost r² and r·n in place of n².
/// By the matrix determinant lemma and Woodbury's identity, with V = W/d and M = I + VᵀV = LLᵀ:
/// ln p(x) = −½(‖δ‖² − ‖L⁻¹Vᵀδ‖²) − Σᵢ ln dᵢ − Σⱼ ln Lⱼⱼ − (n/2) ln 2π, δ = (x − μ)/d.
/// </summary>
public sealed class LowRankNormal : Distribution, IReparameterizable
{
    private readonly Tensor _whitenedFactor;
    private readonly Tensor _inverse;
    private readonly Tensor _logDeterminant;

    /// <summary>Creates the distribution.</summary>
    /// <param name="mean">μ, <c>[batch..., n]</c>.</param>
    /// <param name="scale">d, positive, <c>[batch..., n]</c>.</param>
    /// <param name="factor">W, <c>[batch..., n, r]</c>.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public LowRankNormal(Tensor mean, Tensor scale, Tensor factor) : base(mean?.Shape!, 1)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(factor);
        if (!scale.Shape.Equals(Shape) || factor.Shape.Rank != Shape.Rank + 1 || !factor.Shape.AsSpan()[..^1].SequenceEqual(Shape.AsSpan()))
            throw new ArgumentException($"A mean of shape {Shape} needs a scale of the same shape and a factor {Shape} with the rank behind, not {scale.Shape} and {factor.Shape}.");
        Mean = mean!;
        Scale = scale;
        Factor = factor;
        int rank = factor.Shape[-1], n = Shape[-1], batch = Shape.ElementCount / n;
        _whitenedFactor = factor / scale.Reshape([.. Shape, 1]);
        Tensor flat = _whitenedFactor.Reshape([batch, n, rank]);
        Tensor identity = Tensor.Identity(rank).BroadcastTo([batch, rank, rank]);
        Tensor cholesky = (flat.MatMul(flat, transposeThis: true) + identity).Cholesky();
        _inverse = cholesky.TriangularSolve(identity).Reshape([.. BatchShape, rank, rank]);
        _logDeterminant = scale.Log().Sum(-1) + cholesky.Diagonal().Log().Sum(-1).Reshape(BatchShape);
    }

    /// <inheritdoc/>
    public override Tensor Mean { get; }

    /// <summary>d, <c>[batch..., n]</c>.</summary>
    public Tensor Scale { get; }

    /// <summary>W, <c>[batch..., n, r]</c>.</summary>
    public Tensor Factor { get; }

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor delta = (value - Mean) / Scale;
        Tensor projected = (delta.Reshape([.. delta.Shape, 1]) * _whitenedFactor).Sum(-2);
        Tensor solved = (_inverse * projected.Reshape([.. projected.Shape.SkipLast(1), 1, projected.Shape[-1]])).Sum(-1);
        return (delta.Square().Sum(-1) - solved.Square().Sum(-1)) * -0.5 - _logDeterminant - 0.5 * Shape[-1] * Math.Log(2 * Math.PI);
    }

    /// <summary>(n/2) ln 2πe + Σᵢ ln dᵢ + Σⱼ ln Lⱼⱼ.</summary>
    public override Tensor Entropy() => _logDeterminant + 0.5 * Shape[-1] * (1 + Math.Log(2 * Math.PI));

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from N(0, I): n numbers for the diagonal part and r for the factor, <c>[leading..., batch..., n + r]</c>.</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) =>
        Tensor.RandomNormal([.. leading, .. BatchShape, Shape[-1] + Factor.Shape[-1]], key);

    /// <summary>μ + d·ε₁ + W·ε₂.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        int n = Shape[-1], rank = Factor.Shape[-1];
        Tensor own = noise.Slice(-1, 0, n), common = noise.Slice(-1, n, rank);
        return Mean + Scale * own + (Factor * common.Reshape([.. common.Shape.SkipLast(1), 1, rank])).Sum(-1);
    }
}
