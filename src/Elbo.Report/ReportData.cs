namespace Elbo.Report;

/// <summary>
/// Everything one report shows: what was fitted on what and how well, then any number of sections in the order given.
/// The page knows kinds of section, never kinds of model, so every model family fills the same contract.
/// </summary>
public sealed record ReportData
{
    /// <summary>The first screen: names, sentence, bound and headline numbers.</summary>
    public required ReportHeader Header { get; init; }

    /// <summary>
    /// The sections, shown in this order; may be empty. The first screen takes its picture from them: a <see cref="LatentPlaneSection"/> of
    /// two dimensions with a decoder, else the first <see cref="ImageGridSection"/> (which then does not come again below), else the
    /// reconstructions.
    /// </summary>
    public IReadOnlyList<ReportSection> Sections { get; init; } = [];

    /// <summary>
    /// The network that turns a latent vector into an image inside the page: it makes <see cref="LatentPlaneSection"/> decode under
    /// the pointer and lets <see cref="ImageGridSection"/> draw again. <see langword="null"/> when the model has none the page can run.
    /// </summary>
    public DecoderNetwork? Decoder { get; init; }
}
