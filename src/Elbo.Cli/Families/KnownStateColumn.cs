using System.Globalization;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Cli.Families;

/// <summary>The states of rows where a column says them: numbers from 0, or names, numbered in the order of the alphabet; nothing where a state is not known.</summary>
internal static class KnownStateColumn
{
    public static Setting<string?> Setting() =>
        Choices.Text("known-states", "The column that says the state of a row: a number from 0 or a name; empty where it is not known.", "name");

    /// <summary>Fits with the states that a column says, and names them in the explanation.</summary>
    /// <param name="fit">What to fit.</param>
    /// <param name="column">The column; null where no state is known.</param>
    /// <param name="run">Fits with the states, −1 where not known; null for none.</param>
    public static FitResult<RowModel> Fit(FamilyFit fit, string? column, Func<int[]?, FitResult<RowModel>> run)
    {
        if (column is null) return run(null);
        (int[] known, IReadOnlyList<string> names) = Read(fit.Loaded, column, fit.Size);
        FitResult<RowModel> result = run(known);
        return names.Count == 0 ? result : result with { Explanation = $"{result.Explanation} In the order of their numbers the states named in '{column}' are {string.Join(", ", names)}." };
    }

    /// <summary>The states, −1 where not known, and their names where they have some.</summary>
    /// <param name="rows">The rows, whose labels the column is.</param>
    /// <param name="column">What it was called.</param>
    /// <param name="states">How many states there are.</param>
    /// <exception cref="ElboException">There is no such column, or it names more states.</exception>
    public static (int[] States, IReadOnlyList<string> Names) Read(LoadedObservations rows, string column, int states)
    {
        if (rows.Labels.Count == 0) throw new ElboException($"The states are to be in the column '{column}', and '{rows.Rows.Name}' has no such column; give a CSV file with it.");
        if (rows.LabelNames.Count == 0) return ([.. rows.Labels], []);
        string[] names = [.. rows.LabelNames.Where(static name => !IsMissing(name))];
        if (Array.TrueForAll(names, static name => int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            return ([.. rows.Labels.Select(label => IsMissing(rows.LabelNames[label]) ? -1 : int.Parse(rows.LabelNames[label], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))], []);
        if (names.Length > states)
            throw new ElboException($"The column '{column}' names {names.Length} states ({string.Join(", ", names.Take(5))}{(names.Length > 5 ? ", …" : "")}), and {states} were asked for; ask for at least {names.Length} with --states.");
        return ([.. rows.Labels.Select(label => Array.IndexOf(names, rows.LabelNames[label]))], names);
    }

    private static bool IsMissing(string name) =>
        name is "" or "?" || name.Equals("NA", StringComparison.OrdinalIgnoreCase) || name.Equals("NaN", StringComparison.OrdinalIgnoreCase) || name.Equals("null", StringComparison.OrdinalIgnoreCase);
}
