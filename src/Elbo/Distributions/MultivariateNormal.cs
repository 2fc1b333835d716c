using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The normal distribution N(μ, LLᵀ) over vectors with full covariance, by its lower-triangular Cholesky factor L with a positive diagonal:
/// ln p(x) = −½‖L⁻¹(x − μ)‖² − Σᵢ ln Lᵢᵢ − (n/2) ln 2π.
/// </summary>
public sealed class MultivariateNormal : Distribution, IReparameterizable
{
    private readonly Tensor _logDiagonal;

    /// <summary>Creates the distribution.</summary>
    /// <param name="mean">μ, <c>[batch..., n]</c>.</param>
    /// <param name="factor">L, <c>[batch..., n, n]</c>; only its lower triangle is read.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public MultivariateNormal(Tensor mean, Tensor factor) : base(mean?.Shape!, 1)
    {
        ArgumentNullException.ThrowIfNull(factor);
        Shape needed = Shape.Create([.. mean!.Shape, mean.Shape[-1]]);
        if (!factor.Shape.Equals(needed))
            throw new ArgumentException($"A mean of shape {mean.Shape} needs a Cholesky factor of shape {needed}, not {factor.Shape}.", nameof(factor));
        Mean = mean;
        Factor = factor.LowerTriangle();
        _logDiagonal = factor.Diagonal().Log();
    }

    /// <inheritdoc/>
    public override Tensor Mean { get; }

    /// <summary>L, <c>[batch..., n, n]</c>, zero above the diagonal; the covariance is LLᵀ.</summary>
    public Tensor Factor { get; }

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor whitened = Columns(value - Mean, columns => BatchedFactor().TriangularSolve(columns));
        return whitened.Square().Sum(-1) * -0.5 - _logDiagonal.Sum(-1) - 0.5 * Shape[-1] * Math.Log(2 * Math.PI);
    }

    /// <summary>(n/2) ln 2πe + Σᵢ ln Lᵢᵢ.</summary>
    public override Tensor Entropy() => _logDiagonal.Sum(-1) + 0.5 * Shape[-1] * (1 + Math.Log(2 * Math.PI));

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from N(0, I).</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) => Tensor.RandomNormal(WithLeading(leading), key);

    /// <summary>μ + L·ε.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Mean + Columns(noise, columns => BatchedFactor().MatMul(columns));
    }

    /// <summary>
    /// The terms ½(Aᵢ· Aᵢ·ᵀ + mᵢ² − 1) − ln Aᵢᵢ in the coordinates that whiten the other distribution, where this is N(m, AAᵀ). Against a diagonal
    /// distribution term i is the divergence of zᵢ given z₁…zᵢ₋₁; every term is non-negative and they sum to the divergence.
    /// </summary>
    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other)
    {
        Tensor rows, logRatio, shift;
        if (other is Normal normal)
        {
            Tensor scale = normal.Scale.BroadcastTo(Shape.Broadcast(normal.Scale.Shape, [Shape[-1]]));
            rows = Factor / scale.Reshape([.. scale.Shape, 1]);
            logRatio = _logDiagonal - normal.LogScale;
            shift = (Mean - normal.Mean) / normal.Scale;
        }
        else if (other is MultivariateNormal full)
        {
            int n = Shape[-1];
            Shape factors = Shape.Broadcast(Factor.Shape, full.Factor.Shape), vectors = Shape.Broadcast(Shape, full.Shape);
            Tensor whitener = full.Factor.BroadcastTo(factors).Reshape([factors.ElementCount / (n * n), n, n]);
            rows = whitener.TriangularSolve(Factor.BroadcastTo(factors).Reshape(whitener.Shape)).Reshape(factors);
            shift = whitener.TriangularSolve((Mean - full.Mean).Reshape([whitener.Shape[0], n, 1])).Reshape(vectors);
            logRatio = _logDiagonal - full._logDiagonal;
        }
        else
        {
            return null;
        }

        return (rows.Square().Sum(-1) + shift.Square() - 1.0) * 0.5 - logRatio;
    }

    /// <inheritdoc/>
    protected internal override Tensor? KlFrom(Distribution other)
    {
        if (other is not Normal q) return null;
        Tensor scale = q.Scale.BroadcastTo(q.Shape);
        return KlDivergence.Between(new MultivariateNormal(q.Mean, scale.DiagonalMatrix()), this);
    }

    private Tensor BatchedFactor() => Factor.Reshape([Factor.Shape.ElementCount / (Shape[-1] * Shape[-1]), Shape[-1], Shape[-1]]);

    /// <summary>
    /// Applies a map of matrices <c>[b, n, s] → [b, n, s]</c> to vectors <c>[samples..., batch..., n]</c>: all samples that share a factor
    /// are columns of one matrix, so the factor is never copied.
    /// </summary>
    private Tensor Columns(Tensor vectors, Func<Tensor, Tensor> map)
    {
        int n = Shape[-1], batch = Shape.ElementCount / n, samples = vectors.Shape.ElementCount / Shape.ElementCount;
        if (!vectors.Shape.AsSpan()[^Shape.Rank..].SequenceEqual(Shape.AsSpan()))
            throw new ArgumentException($"A value must end in the distribution's shape {Shape}, not be {vectors.Shape}.", nameof(vectors));
        Tensor columns = vectors.Reshape([samples, batch, n]).Transpose(1, 2, 0);
        return map(columns).Transpose(2, 0, 1).Reshape(vectors.Shape);
    }
}
