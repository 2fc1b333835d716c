namespace Elbo.Models.Autoencoders;

/// <summary>Priors by name in JSON.</summary>
internal sealed class PriorConverter() : FamilyConverter<Prior>("prior", Members)
{
    private static readonly FamilyMember<Prior>[] Members =
    [
        FamilyMember<Prior>.Of("standard-normal", static () => AutoencoderJson.Default.StandardNormalPrior),
        FamilyMember<Prior>.Of("learned-normal", static () => AutoencoderJson.Default.LearnedNormalPrior),
    ];
}
