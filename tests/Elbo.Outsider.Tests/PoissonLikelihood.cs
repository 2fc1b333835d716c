using Elbo.Distributions;
using Elbo.Models.Autoencoders;
using Elbo.Numerics;

namespace Elbo.Outsider.Tests;

/// <summary>A family the library does not have: counts with ln p(x) = x·r − eʳ − ln x!, by the log rate r.</summary>
internal sealed class Poisson(Tensor logRate, int eventRank) : FactorizedDistribution(logRate.Shape, eventRank)
{
    public override Tensor Mean => logRate.Exp();

    public override Tensor LogDensityPerElement(Tensor value) => value * logRate - logRate.Exp() - (value + 1.0).LogGamma();

    public override Tensor EntropyPerElement() => throw new NotSupportedException("The entropy of a Poisson distribution has no closed form.");

    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => throw new NotSupportedException("Not needed here.");

    // KL(Poisson(a) ‖ Poisson(b)) = a·ln(a/b) − a + b.
    protected override Tensor? KlPerElementTo(Distribution other) =>
        other is Poisson p ? Mean * (logRate - p.LogRate) - Mean + p.Mean : null;

    private Tensor LogRate => logRate;
}

/// <summary>p(x|z) = Πᵢ Poisson(xᵢ; e^outputᵢ).</summary>
internal sealed record PoissonLikelihood : Likelihood
{
    public override string Title => "Poisson";

    public override (double Minimum, double Maximum) Support => (0, double.PositiveInfinity);

    public override LikelihoodHead Declare(string name, Shape rowShape) => new(1, [], output => new Poisson(output, rowShape.Rank));

    public override double[] InitialOutput(IReadOnlyList<double> dataMean) => [.. dataMean.Select(mean => Math.Log(Math.Max(mean, 1e-3)))];
}
