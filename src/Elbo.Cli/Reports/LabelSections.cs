using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What components or states have to do with the labels of the rows.</summary>
internal static class LabelSections
{
    private const int MostLabels = 40;

    /// <summary>How the rows of each label are divided among the codes; null where there are no labels, or too many to tell apart.</summary>
    /// <param name="rows">The rows and their labels.</param>
    /// <param name="codeNames">The names of the components or states.</param>
    /// <param name="code">What a code is: <c>component</c>, <c>state</c>.</param>
    /// <param name="posteriors">The probabilities of the codes of the rows, a chunk <c>[n, K]</c> at a time, with the number of its first row.</param>
    public static HeatmapSection? Shares(LoadedObservations rows, IReadOnlyList<string> codeNames, string code, IEnumerable<(long First, Matrix Posteriors)> posteriors)
    {
        int[] known = [.. rows.Labels.Distinct().Order()];
        if (known.Length is < 2 or > MostLabels) return null;
        double[] counts = new double[known.Length * codeNames.Count];
        double[] totals = new double[known.Length];
        foreach ((long first, Matrix chunk) in posteriors)
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                int label = Array.BinarySearch(known, rows.Labels[(int)first + row]);
                totals[label]++;
                for (int k = 0; k < codeNames.Count; k++) counts[label * codeNames.Count + k] += chunk[row, k];
            }
        }

        for (int i = 0; i < counts.Length; i++) counts[i] /= totals[i / codeNames.Count];
        return new HeatmapSection
        {
            Title = "Labels",
            Note = $"Each line shows how the rows of a label are divided among the {code}s, as the model sees them without the label.",
            RowNames = [.. known.Select(label => Name(label, rows.LabelNames))],
            ColumnNames = codeNames,
            RowLabel = "label",
            ColumnLabel = code,
            ValueLabel = "share of the label's rows",
            Values = counts,
        };
    }

    private static string Name(int label, IReadOnlyList<string> names) => label < 0 || label >= names.Count ? Text.Number(label) : names[label].Length > 0 ? names[label] : "not known";
}
