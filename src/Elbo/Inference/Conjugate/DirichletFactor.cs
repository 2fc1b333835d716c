using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>A Dirichlet distribution p(x) = ∏ xₖ^(aₖ − 1) / B(a) of probabilities that sum to 1, as prior or as factor of a mean-field posterior.</summary>
public sealed class DirichletFactor
{
    private readonly double[] concentrations;

    /// <summary>Makes the distribution.</summary>
    /// <param name="concentrations">a, <c>[K]</c>, all positive.</param>
    /// <exception cref="ArgumentException">There is none, or one is not a positive number.</exception>
    public DirichletFactor(params ReadOnlySpan<double> concentrations)
    {
        if (concentrations.IsEmpty) throw new ArgumentException("At least one concentration is needed.", nameof(concentrations));
        foreach (double value in concentrations)
            if (!(value > 0) || !double.IsFinite(value)) throw new ArgumentException($"The concentration {value} is not a positive number.", nameof(concentrations));
        this.concentrations = concentrations.ToArray();
        foreach (double value in concentrations) Total += value;
    }

    /// <summary>a, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> Concentrations => concentrations;

    /// <summary>Σ aₖ.</summary>
    public double Total { get; }

    /// <summary>E[xₖ] = aₖ/Σa, <c>[K]</c>.</summary>
    public double[] Mean => Array.ConvertAll(concentrations, a => a / Total);

    /// <summary>E[ln xₖ] = ψ(aₖ) − ψ(Σa), <c>[K]</c>.</summary>
    public double[] MeanLog
    {
        get
        {
            double[] result = new double[concentrations.Length];
            VectorMath.Digamma(concentrations, result);
            double total = GammaFunctions.Digamma(Total);
            foreach (ref double value in result.AsSpan()) value -= total;
            return result;
        }
    }

    /// <summary>ln B(a) = Σ ln Γ(aₖ) − ln Γ(Σa).</summary>
    public double LogNormalizer
    {
        get
        {
            double sum = -GammaFunctions.LogGamma(Total);
            foreach (double a in concentrations) sum += GammaFunctions.LogGamma(a);
            return sum;
        }
    }

    /// <summary>The entropy ln B(a) − Σ (aₖ − 1) E[ln xₖ] in nats.</summary>
    public double Entropy
    {
        get
        {
            double sum = LogNormalizer;
            double[] logs = MeanLog;
            for (int k = 0; k < logs.Length; k++) sum -= (concentrations[k] - 1) * logs[k];
            return sum;
        }
    }

    /// <summary>ln p(x) in nats.</summary>
    /// <param name="x">Probabilities, <c>[K]</c>, positive where aₖ is not 1.</param>
    /// <exception cref="ArgumentException">There are not K.</exception>
    public double LogDensity(ReadOnlySpan<double> x)
    {
        CheckLength(x.Length, nameof(x));
        double sum = -LogNormalizer;
        for (int k = 0; k < x.Length; k++)
            if (concentrations[k] != 1) sum += (concentrations[k] - 1) * Math.Log(x[k]);
        return sum;
    }

    /// <summary>KL(this ‖ other) = ln B(a′)/B(a) + Σ (aₖ − a′ₖ) E[ln xₖ] in nats.</summary>
    /// <param name="other">The second argument: the prior.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public double Kl(DirichletFactor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckLength(other.concentrations.Length, nameof(other));
        double sum = other.LogNormalizer - LogNormalizer;
        double[] logs = MeanLog;
        for (int k = 0; k < logs.Length; k++) sum += (concentrations[k] - other.concentrations[k]) * logs[k];
        return sum;
    }

    /// <summary>The posterior after categorical draws: Dirichlet(a + counts).</summary>
    /// <param name="counts">How often each outcome came, <c>[K]</c>; or its expectation, for a mean-field update.</param>
    /// <exception cref="ArgumentException">There are not K.</exception>
    public DirichletFactor Observe(ReadOnlySpan<double> counts)
    {
        CheckLength(counts.Length, nameof(counts));
        double[] sum = [.. concentrations];
        for (int k = 0; k < sum.Length; k++) sum[k] += counts[k];
        return new DirichletFactor(sum);
    }

    /// <summary>ln p of categorical draws in the order they came, the probabilities integrated out: ln B(a + counts)/B(a) in nats.</summary>
    /// <param name="counts">How often each outcome came, <c>[K]</c>.</param>
    /// <exception cref="ArgumentException">There are not K.</exception>
    public double LogEvidence(ReadOnlySpan<double> counts) => Observe(counts).LogNormalizer - LogNormalizer;

    private void CheckLength(int length, string name)
    {
        if (length != concentrations.Length) throw new ArgumentException($"{length} values were given for the {concentrations.Length} outcomes of the Dirichlet distribution.", name);
    }
}
