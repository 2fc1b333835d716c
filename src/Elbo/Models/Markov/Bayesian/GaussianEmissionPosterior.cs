using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// q(μ, Λ) of Gaussian emissions: normal-Wishart, as of the components of a <see cref="BayesianGaussianMixture"/>. A missing value of a row that has others is one more latent
/// variable, given the state.
/// </summary>
internal sealed class GaussianEmissionPosterior(NormalWishartPrior prior, NormalWishartPosterior posterior) : EmissionPosterior
{
    public override int Count => posterior.Components;

    public override int Columns => posterior.Columns;

    public override string Family => EmissionFamilies.Name(EmissionKind.Gaussian, prior.Kind);

    public override string Title => $"Gaussian, {GaussianNames.Of(prior.Kind)} covariance";

    public override long FreeParameters => posterior.Expected().FreeParameters;

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => NormalWishartStorage.Parameters(prior, posterior);

    /// <summary>The posterior without any data.</summary>
    public static GaussianEmissionPosterior Of(NormalWishartPrior prior, int states)
    {
        int scatters = prior.Kind switch { CovarianceKind.Full => states * prior.Columns, CovarianceKind.Tied => prior.Columns, _ => states };
        return new(prior, NormalWishartPosterior.Of(prior, new ComponentMoments(prior.Kind, new double[states], new double[states * prior.Columns], new double[scatters * prior.Columns])));
    }

    public override IStateDensities Expected() => new ComponentDensities(posterior.Expected(), posterior.LogCorrections());

    public override IStateDensities Given(Emission emission) =>
        new ComponentDensities(GaussianParameters.Components(emission.Means, emission.Parameters.First(static parameter => parameter.Key == "covariances").Value.ToDouble(), prior.Kind, 0));

    public override EmissionPosterior Next(IStateDensities densities, double[] statistics)
    {
        GaussianComponents components = (GaussianComponents)((ComponentDensities)densities).Components;
        ComponentMoments moments = ComponentMoments.Of(components, new MixtureSums(0, 0, statistics[..Count], statistics[Count..]));
        return new GaussianEmissionPosterior(prior, NormalWishartPosterior.Of(prior, moments));
    }

    public override double Kl() => posterior.Kl(prior);

    public override Emission Predictive() => new StudentEmission(posterior);
}
