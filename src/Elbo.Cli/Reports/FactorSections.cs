using Elbo.Data;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of a factor model: rows among the factors, loadings, what the factors leave unexplained.</summary>
internal static class FactorSections
{
    private const int MostPoints = 2_000;
    private const int MostLoadings = 80;

    public static IReadOnlyList<ReportSection> Of(FactorModel model, LoadedObservations rows, Runtime runtime)
    {
        List<ReportSection> sections = [];
        if (model.Factors >= 2) sections.Add(Scatter(model, rows, runtime));
        if (model.Factors >= 1 && rows.IsImage) sections.Add(Pictures(model, rows));
        else if (model.Factors >= 1 && model.Columns <= MostLoadings) sections.Add(Loadings(model, rows.Rows.ColumnNames));
        if (!rows.IsImage && model.Columns <= MostLoadings) sections.Add(Explained(model, rows.Rows.ColumnNames));
        return sections;
    }

    private static LatentScatterSection Scatter(FactorModel model, LoadedObservations rows, Runtime runtime)
    {
        int[] numbers = MixtureSections.Spread(rows.Rows.Rows, MostPoints);
        Matrix codes = model.Encode(MixtureSections.Take(rows.Rows, numbers), runtime);
        int[] known = [.. rows.Labels.Distinct().Order()];
        bool labelled = known.Length is > 0 and <= 30;
        return new LatentScatterSection
        {
            Title = "Factors",
            Note = "The posterior mean of the first two factors of each row.",
            XName = model.CodeNames[0],
            YName = model.CodeNames[1],
            X = Enumerable.Range(0, codes.Rows).Select(row => (float)codes[row, 0]).ToArray(),
            Y = Enumerable.Range(0, codes.Rows).Select(row => (float)codes[row, 1]).ToArray(),
            Rows = numbers,
            Labels = labelled ? numbers.Select(row => Array.BinarySearch(known, rows.Labels[row])).ToArray() : [],
            LabelNames = labelled ? [.. known.Select(label => label >= 0 && label < rows.LabelNames.Count ? rows.LabelNames[label] : Output.Text.Number(label))] : [],
        };
    }

    private static HeatmapSection Loadings(FactorModel model, IReadOnlyList<string> columns) => new()
    {
        Title = "Loadings",
        Note = "By how much a column rises when a factor rises by one standard deviation; the second colour is for falling.",
        RowNames = columns,
        ColumnNames = model.CodeNames,
        RowLabel = "column",
        ValueLabel = "loading",
        Values = model.Loadings.Values.ToArray(),
    };

    private static ImageGridSection Pictures(FactorModel model, LoadedObservations rows)
    {
        Matrix loadings = model.Loadings;
        double most = 1e-300;
        foreach (double value in loadings.Values) most = Math.Max(most, Math.Abs(value));
        float[] pixels = new float[loadings.Rows * loadings.Columns];
        for (int factor = 0; factor < loadings.Columns; factor++)
            for (int i = 0; i < loadings.Rows; i++) pixels[factor * loadings.Rows + i] = (float)(0.5 + 0.5 * loadings[i, factor] / most);
        return new ImageGridSection
        {
            Title = "Loadings",
            Note = "Each factor as a picture: white where pixels rise with it, black where they fall.",
            Images = ImageSet.FromUnitInterval(loadings.Columns, rows.RowShape[0], rows.RowShape[1], rows.RowShape[2], pixels),
            Columns = Math.Clamp((int)Math.Ceiling(Math.Sqrt(loadings.Columns)), 1, 10),
        };
    }

    private static BarsSection Explained(FactorModel model, IReadOnlyList<string> columns) => new()
    {
        Title = "What the factors explain",
        ValueLabel = "share of the column's variance",
        Bars = [.. model.Communalities.Select((share, column) => new Bar { Name = columns[column], Value = share })],
        Sorted = false,
        Remark = "The rest is noise of the column's own.",
    };
}
