using Elbo.Numerics;
using Elbo.Report.Serialization;
using Elbo.Storage;

namespace Elbo.Report;

/// <summary>Writes reports: one self-contained HTML file that works offline, from any folder, with no request to any network.</summary>
public static class ReportWriter
{
    /// <summary>Writes the report of one run. The same data give the same bytes; the file appears whole or not at all.</summary>
    /// <param name="data">What to show.</param>
    /// <param name="path">The file to write, for example <c>runs/first/report.html</c>; its folder must exist; replaced if it exists.</param>
    /// <exception cref="ArgumentException">The data contradict themselves (an image stack of another size than it says, layers that do not chain).</exception>
    /// <exception cref="ElboException">The file cannot be written.</exception>
    public static void Write(ReportData data, string path)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => Write(data, stream));
    }

    /// <summary>Writes the report of one run to a stream.</summary>
    /// <param name="data">What to show.</param>
    /// <param name="stream">Where the UTF-8 HTML goes; left open.</param>
    /// <exception cref="ArgumentException">The data contradict themselves.</exception>
    public static void Write(ReportData data, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(stream);
        ReportValidation.Check(data);
        PageTemplate.Write(stream, $"{data.Header.RunName}: {data.Header.Title}", data.Header.Summary, new ReportPayload([data], Compare: false));
    }

    /// <summary>
    /// Writes a page that sets runs side by side: headline numbers, curves in shared panels, what differs in the configuration, samples of
    /// each. Sections that cannot be compared (latent planes and scatters, components, states, matrices) are left out, and so are the decoders.
    /// </summary>
    /// <param name="runs">The runs, at least two, in the order shown.</param>
    /// <param name="path">The file to write; its folder must exist; replaced if it exists.</param>
    /// <exception cref="ArgumentException">There are fewer than two runs, or the data of one contradict themselves.</exception>
    /// <exception cref="ElboException">The file cannot be written.</exception>
    public static void WriteCompare(IReadOnlyList<ReportData> runs, string path)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => WriteCompare(runs, stream));
    }

    /// <summary>Writes the comparison of <see cref="WriteCompare(IReadOnlyList{ReportData}, string)"/> to a stream.</summary>
    /// <param name="runs">The runs, at least two, in the order shown.</param>
    /// <param name="stream">Where the UTF-8 HTML goes; left open.</param>
    /// <exception cref="ArgumentException">There are fewer than two runs, or the data of one contradict themselves.</exception>
    public static void WriteCompare(IReadOnlyList<ReportData> runs, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(stream);
        if (runs.Count < 2) throw new ArgumentException($"A comparison needs at least two runs, but {runs.Count} were given.", nameof(runs));
        foreach (var run in runs) ReportValidation.Check(run);
        var names = string.Join(" · ", runs.Select(run => run.Header.RunName));
        var comparable = runs.Select(Comparable).ToArray();
        PageTemplate.Write(stream, $"Compare {names}", $"Elbo: {runs.Count} runs side by side.", new ReportPayload(comparable, Compare: true));
    }

    private static ReportData Comparable(ReportData data) => data with
    {
        Decoder = null,
        Sections = [.. data.Sections.Where(section => section is not (LatentScatterSection or LatentPlaneSection or ComponentEllipsesSection or StateTimelineSection or HeatmapSection))],
    };
}
