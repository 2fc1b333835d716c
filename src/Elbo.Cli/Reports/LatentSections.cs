using Elbo.Cli.Commands;
using Elbo.Cli.Output;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of latent space.</summary>
internal static class LatentSections
{
    private const int MostPoints = 2_000;

    /// <summary>Pictures under the pointer may make up some megabytes of the page.</summary>
    private const int MostPixels = 3_000_000;
    private const int MostAxes = 12;
    private const int GridSide = 20;

    /// <summary>The codes of up to 2,000 rows along the two most active dimensions.</summary>
    public static LatentScatterSection Scatter(FittedRun run, LatentFrame frame, PixelScale? pixels, string part, DataSet rows, CancellationToken cancellation)
    {
        int points = pixels is null ? MostPoints : Math.Clamp(MostPixels / rows.RowLength, 1, MostPoints);
        DataSet shown = rows.Slice(0, Math.Min(points, rows.Rows));
        IRowSource source = run.Rows(shown);
        float[] codes = run.Evaluator.Encode(source, cancellation);
        int size = run.Model.LatentSize, first = frame.Order[0], second = frame.Order[1];
        float[] x = new float[shown.Rows], y = new float[shown.Rows];
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (codes[i * size + first], codes[i * size + second]);
        (int[] labels, string[] names) = Labels(shown);
        return new LatentScatterSection
        {
            Title = "Latent space",
            Note = $"{(run.Model.HasBound ? "The posterior mean" : "The code")} of {Shown(shown.Rows, rows.Rows, part)}{(size > 2 ? ", along the two most active dimensions" : "")}. Point at one to see the row.",
            XName = $"z{first}",
            YName = $"z{second}",
            X = x,
            Y = y,
            Labels = labels,
            LabelNames = names,
            RowName = $"{part} row",
            Thumbnails = pixels?.Images(ReadAll(source)),
        };
    }

    /// <summary>How many rows are shown, and of how many: <c>each test row</c>, or <c>the first 2,000 of 4,000 test rows</c>.</summary>
    private static string Shown(int shown, int rows, string part) =>
        shown == rows ? $"each {part} row" : $"the first {Text.Count(shown)} of {Text.Count(rows)} {part} rows";

    /// <summary>The plane through the two most active dimensions, decoded.</summary>
    public static LatentPlaneSection Plane(FittedRun run, LatentFrame frame, PixelScale pixels, DecoderNetwork? decoder) => new()
    {
        Title = "Latent plane",
        Note = (decoder is null ? "Each picture is what the decoder makes of that place." : "Each picture is what the decoder makes of that place. Move over the plane: the picture beside it is decoded where the pointer is.")
            + (frame.IsPrior ? " Equal areas hold equal prior mass." : " The axes follow the spread of the codes."),
        Origin = frame.Centre,
        GridSize = GridSide,
        Dimensions = [.. frame.Order.Take(MostAxes).Select(index => new LatentDimension { Index = index, Name = $"z{index}", Centre = frame.Centre[index], Scale = frame.Scale[index] })],
        Grid = decoder is null ? pixels.Images(LatentDecoder.Decode(run, ManifoldVerb.Codes(frame, run, GridSide))) : null,
    };

    /// <summary>How much each dimension says about a row: its KL, or for a model without one the variance of its codes.</summary>
    public static BarsSection Activity(RunSummary summary)
    {
        IReadOnlyList<double> values = summary.KlPerDimension ?? summary.LatentVariance;
        bool isKl = summary.KlPerDimension is not null;
        return new BarsSection
        {
            Title = isKl ? "KL per latent dimension" : "Variance per latent dimension",
            ValueLabel = isKl ? "KL" : "variance of the code",
            Unit = isKl ? "nats per row" : null,
            Bars = [.. values.Select((value, index) => new Bar { Name = $"z{index}", Value = value, Emphasized = summary.LatentVariance[index] > 0.01 })],
            Remark = $"{summary.ActiveUnits} of {summary.LatentVariance.Count} units are active: the variance of {(isKl ? "their posterior mean" : "the code")} over the {summary.Split} rows is above 0.01.",
        };
    }

    public static float[] ReadAll(IRowSource rows)
    {
        int length = rows.RowShape.ElementCount;
        float[] values = new float[rows.Count * length];
        for (int row = 0; row < rows.Count; row++) rows.Read(row, values.AsSpan(row * length, length));
        return values;
    }

    /// <summary>Labels as indices into names; none where there are too many to tell apart.</summary>
    public static (int[] Labels, string[] Names) Labels(DataSet rows)
    {
        if (!rows.HasLabels) return ([], []);
        int[] labels = rows.Labels.ToArray();
        int[] known = [.. labels.Distinct().Order()];
        if (rows.LabelNames.Count > 0 && known[0] >= 0 && known[^1] < rows.LabelNames.Count) return (labels, [.. rows.LabelNames]);
        return known.Length > 30 ? ([], []) : (Array.ConvertAll(labels, label => Array.BinarySearch(known, label)), [.. known.Select(static label => Text.Number(label))]);
    }
}
