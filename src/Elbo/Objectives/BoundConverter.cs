using Elbo.Models.Autoencoders;

namespace Elbo.Objectives;

/// <summary>Bounds by name in JSON.</summary>
internal sealed class BoundConverter() : FamilyConverter<Bound>("objective", Members)
{
    private static readonly FamilyMember<Bound>[] Members =
    [
        FamilyMember<Bound>.Of("elbo", static () => AutoencoderJson.Default.EvidenceLowerBound),
        FamilyMember<Bound>.Of("importance-weighted", static () => AutoencoderJson.Default.ImportanceWeightedBound),
        FamilyMember<Bound>.Of("wake-sleep", static () => AutoencoderJson.Default.WakeSleepBound),
        FamilyMember<Bound>.Of("reweighted-wake-sleep", static () => AutoencoderJson.Default.ReweightedWakeSleepBound),
    ];
}
