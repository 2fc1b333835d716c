namespace Elbo.Report;

/// <summary>
/// Everything one report shows: what was fitted on what and how well, then any number of sections in the order given.
/// The page knows kinds of section, never kinds of model, so every model family fills the same contract.
/// </summary>
public sealed record ReportData
{
    /// <summary>The first screen: names, sentence, bound and headline numbers.</summary>
    public required ReportHeader Header { get; init; }

    /// <summary>The sections, shown in this order. May be empty.</summary>
    public IReadOnlyList<ReportSection> Sections { get; init; } = [];

    /// <summary>
    /// The network that turns a latent vector into an image inside the page: it makes <see cref="LatentPlaneSection"/> decode under
    /// the pointer and lets <see cref="ImageGridSection"/> draw again. <see langword="null"/> when the model has none the page can run.
    /// </summary>
    public DecoderNetwork? Decoder { get; init; }
}
