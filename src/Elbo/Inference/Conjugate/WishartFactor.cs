using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// A Wishart distribution W(ν, V⁻¹) of a precision matrix Λ: p(Λ) = |Λ|^((ν − D − 1)/2) e^(−½ tr VΛ) / Z, as prior or as factor of a
/// mean-field posterior. In one dimension it is Gamma(ν/2, V/2).
/// </summary>
public sealed class WishartFactor
{
    private readonly CholeskyFactor cholesky;

    /// <summary>Makes the distribution.</summary>
    /// <param name="degreesOfFreedom">ν, above D − 1.</param>
    /// <param name="inverseScale">V, <c>[D, D]</c>, symmetric positive definite: the scatter matrix that the distribution remembers. Not to be changed any more.</param>
    /// <exception cref="ArgumentException">ν is too small, or V is not square or not positive definite.</exception>
    public WishartFactor(double degreesOfFreedom, Matrix inverseScale)
    {
        ArgumentNullException.ThrowIfNull(inverseScale);
        if (!(degreesOfFreedom > inverseScale.Rows - 1) || !double.IsFinite(degreesOfFreedom))
            throw new ArgumentException($"{degreesOfFreedom} degrees of freedom were given for {inverseScale.Rows} dimensions; more than {inverseScale.Rows - 1} are needed.", nameof(degreesOfFreedom));
        cholesky = CholeskyFactor.TryFactor(inverseScale) ?? throw new ArgumentException("The inverse scale matrix is not positive definite.", nameof(inverseScale));
        DegreesOfFreedom = degreesOfFreedom;
        InverseScale = inverseScale;
    }

    /// <summary>ν.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>V, <c>[D, D]</c>.</summary>
    public Matrix InverseScale { get; }

    /// <summary>D.</summary>
    public int Dimension => InverseScale.Rows;

    /// <summary>E[Λ] = ν V⁻¹, <c>[D, D]</c>.</summary>
    public Matrix Mean
    {
        get
        {
            Matrix result = cholesky.Inverse();
            foreach (ref double value in result.Values) value *= DegreesOfFreedom;
            return result;
        }
    }

    /// <summary>E[ln |Λ|] = Σ ψ((ν + 1 − i)/2) + D ln 2 − ln |V| (Bishop 2006, B.81).</summary>
    public double MeanLogDeterminant => GammaFunctions.Digamma(0.5 * DegreesOfFreedom, Dimension) + Dimension * Math.Log(2) - cholesky.LogDeterminant;

    /// <summary>ln Z = ½νD ln 2 − ½ν ln |V| + ln Γ_D(ν/2) (Bishop 2006, B.79).</summary>
    public double LogNormalizer =>
        0.5 * DegreesOfFreedom * (Dimension * Math.Log(2) - cholesky.LogDeterminant) + GammaFunctions.LogGamma(0.5 * DegreesOfFreedom, Dimension);

    /// <summary>The entropy ln Z − ½(ν − D − 1) E[ln |Λ|] + ½νD in nats (Bishop 2006, B.82).</summary>
    public double Entropy => LogNormalizer - 0.5 * (DegreesOfFreedom - Dimension - 1) * MeanLogDeterminant + 0.5 * DegreesOfFreedom * Dimension;

    /// <summary>ln p(Λ) in nats.</summary>
    /// <param name="precision">Λ, <c>[D, D]</c>.</param>
    /// <exception cref="ArgumentException">Λ is not positive definite, or has another size.</exception>
    public double LogDensity(Matrix precision)
    {
        ArgumentNullException.ThrowIfNull(precision);
        CheckSize(precision.Rows, nameof(precision));
        CholeskyFactor factor = CholeskyFactor.TryFactor(precision) ?? throw new ArgumentException("The precision matrix is not positive definite.", nameof(precision));
        return 0.5 * (DegreesOfFreedom - Dimension - 1) * factor.LogDeterminant - 0.5 * Trace(InverseScale, precision) - LogNormalizer;
    }

    /// <summary>KL(this ‖ other) = ln Z′/Z + ½(ν − ν′) E[ln |Λ|] + ½ν(tr V′V⁻¹ − D) in nats.</summary>
    /// <param name="other">The second argument: the prior.</param>
    /// <exception cref="ArgumentException">It has another dimension.</exception>
    public double Kl(WishartFactor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckSize(other.Dimension, nameof(other));
        return other.LogNormalizer - LogNormalizer + 0.5 * (DegreesOfFreedom - other.DegreesOfFreedom) * MeanLogDeterminant
            + 0.5 * DegreesOfFreedom * (Trace(other.InverseScale, cholesky.Inverse()) - Dimension);
    }

    /// <summary>The posterior of the precision of normal rows around a known centre: W(ν + n, (V + S)⁻¹).</summary>
    /// <param name="scatter">S = Σ (x − μ)(x − μ)ᵀ, <c>[D, D]</c>, or its expectation, for a mean-field update.</param>
    /// <param name="count">n, how many rows there are.</param>
    /// <exception cref="ArgumentException">S has another size.</exception>
    public WishartFactor Observe(Matrix scatter, double count)
    {
        ArgumentNullException.ThrowIfNull(scatter);
        CheckSize(scatter.Rows, nameof(scatter));
        Matrix sum = InverseScale.Clone();
        for (int i = 0; i < sum.Values.Length; i++) sum.Values[i] += scatter.Values[i];
        return new WishartFactor(DegreesOfFreedom + count, sum);
    }

    /// <summary>xᵀ E[Λ] x; x is overwritten.</summary>
    internal double MeanQuadraticForm(Span<double> x) => DegreesOfFreedom * cholesky.QuadraticForm(x);

    private static double Trace(Matrix left, Matrix right)
    {
        double sum = 0;
        for (int i = 0; i < left.Values.Length; i++) sum += left.Values[i] * right.Values[i];
        return sum;
    }

    private void CheckSize(int size, string name)
    {
        if (size != Dimension) throw new ArgumentException($"A matrix of {size} rows was given to a Wishart distribution of {Dimension} dimensions.", name);
    }
}
