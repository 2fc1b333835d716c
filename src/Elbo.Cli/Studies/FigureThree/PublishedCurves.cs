using System.Text.Json;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>The curves of the paper's figure, read from <c>recipes/published/aevb-figure-3.json</c>.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="Curves">The curves.</param>
internal sealed record PublishedCurves(string Source, IReadOnlyList<PublishedCurve> Curves)
{
    private const string Resource = "published/aevb-figure-3.json";

    public static PublishedCurves None { get; } = new("", []);

    public static PublishedCurves Load()
    {
        using Stream stream = typeof(PublishedCurves).Assembly.GetManifestResourceStream(Resource)!;
        using JsonDocument document = JsonDocument.Parse(stream);
        return new PublishedCurves(
            document.RootElement.GetProperty("source").GetString()!,
            [.. document.RootElement.GetProperty("curves").EnumerateArray().Select(static curve => new PublishedCurve(
                curve.GetProperty("rows").GetInt32(), curve.GetProperty("method").GetString()!, curve.GetProperty("split").GetString()!,
                [.. curve.GetProperty("samples").EnumerateArray().Select(static value => value.GetInt64())],
                [.. curve.GetProperty("nats").EnumerateArray().Select(static value => value.GetDouble())]))]);
    }

    /// <summary>The published figure, or null where the figure shows none.</summary>
    public double? At(int rows, string method, string split, long samples)
    {
        if (Curves.FirstOrDefault(curve => curve.Rows == rows && curve.Method == method && curve.Split == split) is not { } found) return null;
        int place = found.Samples.ToList().IndexOf(samples);
        return place < 0 ? null : found.Nats[place];
    }
}

/// <summary>One published curve.</summary>
internal sealed record PublishedCurve(int Rows, string Method, string Split, IReadOnlyList<long> Samples, IReadOnlyList<double> Nats);
