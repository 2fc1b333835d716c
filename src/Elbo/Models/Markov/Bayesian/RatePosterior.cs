using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>q of Poisson rates: Gamma distributions, one for each state and column.</summary>
/// <param name="shapePrior">a₀, <c>[K, D]</c>.</param>
/// <param name="exposurePrior">b₀, <c>[K, D]</c>: how many rows the prior is worth.</param>
/// <param name="shapes">a, <c>[K, D]</c>.</param>
/// <param name="exposures">b, <c>[K, D]</c>.</param>
internal sealed class RatePosterior(Matrix shapePrior, Matrix exposurePrior, Matrix shapes, Matrix exposures) : EmissionPosterior
{
    public override int Count => shapes.Rows;

    public override int Columns => shapes.Columns;

    public override string Family => "poisson";

    public override string Title => "Poisson";

    public override long FreeParameters => (long)Count * Columns;

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        Named("rates", Each(static factor => factor.Mean)),
        Named("rateShapes", shapes),
        Named("rateExposures", exposures),
        Named("rateShapePrior", shapePrior),
        Named("rateExposurePrior", exposurePrior),
    ];

    /// <summary>The same prior for every state: Gamma(a₀, a₀ / mean) of each column.</summary>
    public static RatePosterior Of(int states, IReadOnlyList<double> means, double shape)
    {
        Matrix shapes = new(states, means.Count), exposures = new(states, means.Count);
        shapes.Values.Fill(shape);
        for (int k = 0; k < states; k++)
            for (int d = 0; d < means.Count; d++) exposures[k, d] = means[d] > 0 ? shape / means[d] : 1;
        return new RatePosterior(shapes, exposures, shapes, exposures);
    }

    public static RatePosterior Load(int states, int columns, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        Matrix Read(string name) => new(states, columns, MixtureDefinition.PositiveValues(parameters, name, states, columns));
        return new RatePosterior(Read("rateShapePrior"), Read("rateExposurePrior"), Read("rateShapes"), Read("rateExposures"));
    }

    public override IStateDensities Expected() => new CountDensities(Each(static factor => factor.Mean), Each(static factor => factor.MeanLog));

    public override IStateDensities Given(Emission emission) => emission;

    public override EmissionPosterior Next(IStateDensities densities, double[] statistics)
    {
        // The sums of expected and of plain densities have the same order.
        CountDensities order = new(shapes, shapes);
        Matrix newShapes = shapePrior.Clone(), newExposures = exposurePrior.Clone();
        for (int k = 0; k < Count; k++)
        {
            for (int d = 0; d < Columns; d++)
            {
                newShapes[k, d] += statistics[order.Sum(d) + k];
                newExposures[k, d] += statistics[order.Number(d) + k];
            }
        }

        return new RatePosterior(shapePrior, exposurePrior, newShapes, newExposures);
    }

    public override double Kl()
    {
        double sum = 0;
        for (int i = 0; i < shapes.Values.Length; i++)
            sum += new GammaFactor(shapes.Values[i], exposures.Values[i]).Kl(new GammaFactor(shapePrior.Values[i], exposurePrior.Values[i]));
        return sum;
    }

    public override Emission Predictive() => new NegativeBinomialEmission(shapes, exposures);

    private Matrix Each(Func<GammaFactor, double> function)
    {
        Matrix result = new(Count, Columns);
        for (int i = 0; i < result.Values.Length; i++) result.Values[i] = function(new GammaFactor(shapes.Values[i], exposures.Values[i]));
        return result;
    }
}
