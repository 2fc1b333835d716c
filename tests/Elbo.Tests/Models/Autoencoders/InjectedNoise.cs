using Elbo.Distributions;
using Elbo.Models.Autoencoders;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Autoencoders;

/// <summary>The diagonal Gaussian posterior with its noise read from a variable instead of drawn.</summary>
internal sealed record InjectedNoise(Variable Noise) : Posterior
{
    public override PosteriorHead Declare(PosteriorSite site)
    {
        PosteriorHead inner = new DiagonalGaussianPosterior().Declare(site);
        return new PosteriorHead(inner.Parameters, (features, context) => new Injected((Normal)inner.Infer(features, context), Noise));
    }

    private sealed class Injected(Normal inner, Tensor noise) : FactorizedDistribution(inner.Shape, inner.EventRank)
    {
        public override Tensor Mean => inner.Mean;

        public override Tensor LogDensityPerElement(Tensor value) => inner.LogDensityPerElement(value);

        public override Tensor EntropyPerElement() => inner.EntropyPerElement();

        public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => SampleWithLogDensity(key, leading).Value.StopGradient();

        public override (Tensor Value, Tensor LogDensity) SampleWithLogDensity(ulong key, params ReadOnlySpan<int> leading)
        {
            Tensor value = inner.Reparameterize(noise.Reshape(WithLeading(leading)));
            return (value, inner.LogDensity(value));
        }

        protected internal override Tensor? KlPerElementTo(Distribution other) => KlDivergence.PerElement(inner, other);
    }
}
