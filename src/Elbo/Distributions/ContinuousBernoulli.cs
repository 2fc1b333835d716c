using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The continuous Bernoulli distribution on [0, 1] with independent elements, by its logits l = ln(λ/(1 − λ)): p(x) ∝ λˣ(1 − λ)¹⁻ˣ.
/// Loaiza-Ganem and Cunningham 2019 (arXiv 1907.06845), definition 1 and eq. 7.
/// </summary>
/// <remarks>
/// As an exponential family, ln p(x) = (x − ½)l − A(l) with A(l) = ln(sinh(l/2)/(l/2)), an even function; the paper's
/// ln C(λ) is softplus(l) − l/2 − A(l). A is taken from its Taylor series near λ = ½, where the closed form is 0/0.
/// </remarks>
public sealed class ContinuousBernoulli : FactorizedDistribution, IReparameterizable
{
    // Below this the series is used; its first omitted term is under 1e-14 there, and the closed form keeps full accuracy above.
    private const double SeriesBelow = 0.5;
    private const double SamplingSeriesBelow = 1e-4;

    // ln(sinh y / y) = y²/6 − y⁴/180 + y⁶/2835 − y⁸/37800 + y¹⁰/467775 − …, at y = l/2, as a polynomial in l².
    private static readonly double[] LogNormalizerSeries = [1 / 24.0, -1 / 2880.0, 1 / 181440.0, -1 / 9676800.0, 1 / 479001600.0];

    /// <summary>Creates the distribution.</summary>
    /// <param name="logits">ln(λ/(1 − λ)), <c>[batch..., event...]</c>.</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public ContinuousBernoulli(Tensor logits, int eventRank = 1) : base(logits?.Shape!, eventRank) => Logits = logits!;

    /// <summary>ln(λ/(1 − λ)).</summary>
    public Tensor Logits { get; }

    /// <summary>1/(1 − e⁻ˡ) − 1/l, which is ½ at l = 0 and not λ elsewhere.</summary>
    public override Tensor Mean
    {
        get
        {
            Tensor square = Logits.Square();
            Tensor near = Series(square, derivative: true) * Logits + 0.5;
            Tensor safe = AwayFromZero();
            Tensor far = (-safe).Expm1().Reciprocal() * -1.0 - safe.Reciprocal();
            return Tensor.Where(IsNear(), near, Tensor.Where(Logits.Greater(0.0), far, 1.0 - far));
        }
    }

    /// <inheritdoc/>
    public override Tensor LogDensityPerElement(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (value - 0.5) * Logits - LogNormalizer();
    }

    /// <summary>A(l) − (E[x] − ½)·l.</summary>
    public override Tensor EntropyPerElement() => LogNormalizer() - (Mean - 0.5) * Logits;

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from the uniform distribution on (0, 1).</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) => Tensor.RandomUniform(WithLeading(leading), key);

    /// <summary>The inverse of the distribution function, ln(1 + u(eˡ − 1))/l.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        // For l > 0 in a form that never overflows; a negative l is its mirror image, x(l, u) = 1 − x(−l, 1 − u).
        Tensor positive = Logits.Greater(0.0), magnitude = Logits.Abs();
        Tensor tail = Tensor.Where(positive, 1.0 - noise, noise);
        Tensor isFar = magnitude.Greater(SamplingSeriesBelow);
        Tensor safe = Tensor.Where(isFar, magnitude, 1.0);
        Tensor far = 1.0 + (tail * (-safe).Expm1()).Log1p() / safe;
        // To second order in l; by log1p and expm1 the closed form stays accurate down to where this takes over.
        Tensor near = noise + noise * (1.0 - noise) * Logits * (0.5 + (1.0 - noise * 2.0) * Logits * (1 / 6.0));
        return Tensor.Where(isFar, Tensor.Where(positive, far, 1.0 - far), near);
    }

    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other) => other is ContinuousBernoulli p
        ? (Mean - 0.5) * (Logits - p.Logits) - LogNormalizer() + p.LogNormalizer()
        : null;

    private Tensor LogNormalizer()
    {
        Tensor square = Logits.Square();
        Tensor near = square * Series(square, derivative: false);
        Tensor safe = AwayFromZero();
        Tensor far = safe * 0.5 + (-(-safe).Expm1()).Log() - safe.Log();
        return Tensor.Where(IsNear(), near, far);
    }

    private Tensor IsNear() => Tensor.Constant(SeriesBelow).Greater(Logits.Abs());

    /// <summary>|l| where the closed forms are used, and a harmless number elsewhere, so that neither value nor gradient of the branch not taken is NaN.</summary>
    private Tensor AwayFromZero() => Tensor.Where(IsNear(), SeriesBelow, Logits.Abs());

    private static Tensor Series(Tensor square, bool derivative)
    {
        Tensor sum = 0.0;
        for (int i = LogNormalizerSeries.Length - 1; i >= 0; i--)
            sum = sum * square + LogNormalizerSeries[i] * (derivative ? 2 * (i + 1) : 1);
        return sum;
    }
}
