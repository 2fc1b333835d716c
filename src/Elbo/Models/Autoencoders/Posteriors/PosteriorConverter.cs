namespace Elbo.Models.Autoencoders;

/// <summary>Posteriors by name in JSON.</summary>
internal sealed class PosteriorConverter() : FamilyConverter<Posterior>("posterior", Members)
{
    private static readonly FamilyMember<Posterior>[] Members =
    [
        FamilyMember<Posterior>.Of("diagonal-gaussian", static () => AutoencoderJson.Default.DiagonalGaussianPosterior),
        FamilyMember<Posterior>.Of("full-covariance-gaussian", static () => AutoencoderJson.Default.FullCovarianceGaussianPosterior),
        FamilyMember<Posterior>.Of("deterministic", static () => AutoencoderJson.Default.DeterministicPosterior),
    ];
}
