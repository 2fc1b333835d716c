using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Columns that hold one value: a density with a variance of its own for them has no maximum, unless something is added to each variance.</summary>
internal static class ConstantColumns
{
    /// <summary>Throws where such a column would have no density.</summary>
    /// <param name="summary">What the columns hold.</param>
    /// <param name="rows">The rows, for their names.</param>
    /// <param name="regularization">What is added to each variance.</param>
    /// <param name="shared">Whether all columns share one variance, so that one that varies is enough.</param>
    /// <param name="density">The density in a word.</param>
    /// <exception cref="ElboException">It would; names the column and its value.</exception>
    public static void Check(ColumnSummary summary, Observations rows, double regularization, bool shared, string density)
    {
        int[] constant = Of(summary);
        if (regularization > 0 || constant.Length == 0 || (shared && constant.Length < summary.Means.Length)) return;
        int column = constant[0];
        throw new ElboException(FormattableString.Invariant(
            $"Column '{rows.ColumnNames[column]}' of '{rows.Name}' holds the one value {summary.Minima[column]}, which has no {density} density without regularization; drop the column, or add to each variance."));
    }

    /// <summary>Says where the variance of such a column comes from.</summary>
    public static string Remark(ColumnSummary summary, Observations rows, double regularization)
    {
        int[] constant = Of(summary);
        if (constant.Length == 0) return "";
        string names = string.Join(", ", constant.Take(3).Select(column => $"'{rows.ColumnNames[column]}'"));
        string more = constant.Length > 3 ? $" and {constant.Length - 3} more" : "";
        return constant.Length == 1
            ? FormattableString.Invariant($" Column {names} holds one value; its variance is the regularization, {regularization}, which lifts the likelihood.")
            : FormattableString.Invariant($" Columns {names}{more} hold one value each; their variance is the regularization, {regularization}, which lifts the likelihood.");
    }

    private static int[] Of(ColumnSummary summary)
    {
        List<int> columns = [];
        for (int j = 0; j < summary.Means.Length; j++)
            if (summary.Minima[j] == summary.Maxima[j]) columns.Add(j);
        return [.. columns];
    }
}
