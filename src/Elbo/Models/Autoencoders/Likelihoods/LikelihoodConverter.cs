namespace Elbo.Models.Autoencoders;

/// <summary>Likelihoods by name in JSON.</summary>
internal sealed class LikelihoodConverter() : FamilyConverter<Likelihood>("likelihood", Members)
{
    private static readonly FamilyMember<Likelihood>[] Members =
    [
        FamilyMember<Likelihood>.Of("bernoulli", static () => AutoencoderJson.Default.BernoulliLikelihood),
        FamilyMember<Likelihood>.Of("continuous-bernoulli", static () => AutoencoderJson.Default.ContinuousBernoulliLikelihood),
        FamilyMember<Likelihood>.Of("gaussian", static () => AutoencoderJson.Default.GaussianLikelihood),
        FamilyMember<Likelihood>.Of("laplace", static () => AutoencoderJson.Default.LaplaceLikelihood),
    ];
}
