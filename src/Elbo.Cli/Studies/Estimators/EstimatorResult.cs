using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Output;
using Elbo.Objectives;
using Elbo.Report;

namespace Elbo.Cli.Studies.Estimators;

/// <summary>The table of estimators: per problem, the least variance first.</summary>
internal sealed class EstimatorResult : StudyResult
{
    private static readonly string[] Headings = ["estimator", "variance", "±", "bias", "± 95 %", "errors", "f", "ns"];

    public EstimatorResult(IReadOnlyList<EstimatorComparison> rows)
    {
        Rows = rows;
        Problems = [.. rows.GroupBy(row => row.Problem.Name).Select(group => (group.First().Problem, (IReadOnlyList<EstimatorComparison>)[.. group.OrderBy(row => row.Statistics.TotalVariance)]))];
    }

    public IReadOnlyList<EstimatorComparison> Rows { get; }

    public IReadOnlyList<(EstimatorProblem Problem, IReadOnlyList<EstimatorComparison> Rows)> Problems { get; }

    public override bool Holds =>
        Rows.All(row => !row.IsUnbiased || !row.ShowsBias)
        && Rows.Where(row => !row.IsUnbiased).GroupBy(row => row.Estimator.Name).All(group => group.Any(row => row.ShowsBias));

    public override IReadOnlyList<string> Findings
    {
        get
        {
            EstimatorComparison[] unbiased = [.. Rows.Where(row => row.IsUnbiased)], biased = [.. Rows.Where(row => !row.IsUnbiased)], strays = [.. unbiased.Where(row => row.ShowsBias)];
            string largest = unbiased.Max(row => row.Statistics.BiasInErrors).ToString("0.0", CultureInfo.InvariantCulture);
            string threshold = EstimatorComparison.BiasThreshold.ToString("0.0", CultureInfo.InvariantCulture);
            List<string> findings =
            [
                strays.Length == 0
                    ? $"All {unbiased.Length} measurements of unbiased estimators are within {threshold} standard errors of the true gradient; the farthest is {largest} away."
                    : $"Of {unbiased.Length} measurements of unbiased estimators {strays.Length} stray by more than {threshold} standard errors: {string.Join("; ", strays.Select(Place))}.",
                $"The {biased.Select(row => row.Estimator.Name).Distinct().Count()} biased estimators show their bias in {biased.Count(row => row.ShowsBias)} of {biased.Length} measurements: "
                    + string.Join(", ", biased.GroupBy(row => row.Estimator.Name).Select(group => $"{Spoken(group.Key)} on {group.Count(row => row.ShowsBias)} of {group.Count()} problems")) + ".",
            ];
            string[] best = [.. Problems.Select(problem => problem.Rows.First(row => row.IsUnbiased).Estimator.Name).GroupBy(name => name).OrderByDescending(group => group.Count()).Select(group => $"{Spoken(group.Key)} on {group.Count()}")];
            findings.Add($"{(best.Length > 1 ? "No unbiased estimator always has the least variance" : "One unbiased estimator has the least variance everywhere")}; of {Problems.Count} problems: {string.Join(", ", best)}.");
            return findings;
        }
    }

    public override IReadOnlyList<HeadlineNumber> Numbers =>
    [
        new() { Label = "estimators", Value = Rows.Select(row => row.Estimator.Name).Distinct().Count(), Decimals = 0, Explanation = "Each with its formula and paper below." },
        new() { Label = "problems", Value = Problems.Count, Decimals = 0, Explanation = "Expectations under normal, Bernoulli, categorical, Gamma and Beta, with gradients in closed form." },
        new() { Label = "gradients each", Value = Rows[0].Statistics.Draws, Decimals = 0, Explanation = "Independent ones, for each estimator on each problem." },
        new() { Label = "farthest unbiased", Value = Rows.Where(row => row.IsUnbiased).Max(row => row.Statistics.BiasInErrors), Decimals = 1, Unit = "standard errors", Explanation = "The largest distance of an unbiased estimator's mean from the truth." },
    ];

    public override IReadOnlyList<ReportSection> Sections => EstimatorSections.Of(this);

    public override void WriteTable(TextWriter output)
    {
        foreach ((EstimatorProblem problem, IReadOnlyList<EstimatorComparison> rows) in Problems)
        {
            output.WriteLine($"{problem.Name}: gradient {Gradient(problem)}");
            TextTable table = new TextTable([.. Headings, ""]).AlignRight(1, 2, 3, 4, 5, 6, 7);
            foreach (EstimatorComparison row in rows) table.Add([.. Cells(row), Verdict(row)]);
            table.Write(output);
            output.WriteLine();
        }

        output.WriteLine("variance: of one gradient, summed over the parameters. bias: of the parameter where it is largest in standard errors. f: evaluations of the function for one gradient. ns: nanoseconds for one.");
    }

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("problems");
        foreach ((EstimatorProblem problem, IReadOnlyList<EstimatorComparison> rows) in Problems)
        {
            writer.WriteStartObject();
            writer.WriteString("problem", problem.Name);
            writer.WriteNumbers("gradient", problem.Gradient);
            writer.WriteStartArray("estimators");
            foreach (EstimatorComparison row in rows) Write(writer, row);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public override IEnumerable<string> Markdown()
    {
        yield return "Columns: variance of one gradient summed over the parameters, with its standard error; bias of the parameter where it is largest in standard errors, "
            + "with its 95 % interval; evaluations of the function and nanoseconds for one gradient, of 2048 computed at once.";
        foreach ((EstimatorProblem problem, IReadOnlyList<EstimatorComparison> rows) in Problems)
        {
            yield return "";
            yield return $"### {problem.Name}";
            yield return "";
            yield return $"The gradient is {Gradient(problem)}.";
            yield return "";
            foreach (string line in MarkdownTable.Of([.. Headings, ""], rows.Select(row => (string[])[.. Cells(row), Verdict(row)]))) yield return line;
        }

        yield return "";
        yield return "### The estimators";
        yield return "";
        foreach (string line in MarkdownTable.Of(["estimator", "one gradient", "published in"], Catalog(this).Select(row => (string[])[row.Estimator.Name, row.Estimator.Formula, row.Estimator.Source]), textColumns: 3)) yield return line;
    }

    /// <summary>One row for each estimator, in the library's order.</summary>
    public static IEnumerable<EstimatorComparison> Catalog(EstimatorResult result) =>
        StandardEstimator.All.Select(standard => result.Rows.FirstOrDefault(row => row.Estimator == standard)).OfType<EstimatorComparison>();

    /// <summary>The cells of a row, as headed by <see cref="Headings"/>.</summary>
    public static string[] Cells(EstimatorComparison row)
    {
        EstimatorStatistics statistics = row.Statistics;
        int worst = Worst(statistics);
        return
        [
            row.Estimator.Name,
            Small(Variance(statistics)),
            Small(Variance(statistics) == 0 ? 0 : statistics.TotalVarianceError),
            Small(Exactly(statistics.Bias[worst])),
            Small(Exactly(1.96 * statistics.StandardError[worst])),
            Exactly(statistics.Bias[worst]) == 0 ? "0" : statistics.BiasInErrors.ToString("0.0", CultureInfo.InvariantCulture),
            statistics.Evaluations.ToString("0.#", CultureInfo.InvariantCulture),
            statistics.Nanoseconds.ToString("0", CultureInfo.InvariantCulture),
        ];
    }

    public static string Verdict(EstimatorComparison row) =>
        row.ShowsBias ? row.IsUnbiased ? "STRAYS" : "biased" : row.IsUnbiased ? "" : "biased elsewhere";

    public static string Gradient(EstimatorProblem problem) => string.Join(", ", problem.Gradient.Select(Small));

    /// <summary>The total variance; rounding errors of an exact estimator are none.</summary>
    public static double Variance(EstimatorStatistics statistics) => Exactly(statistics.TotalVariance);

    /// <summary>The parameter whose bias is largest in standard errors.</summary>
    public static int Worst(EstimatorStatistics statistics) =>
        Enumerable.Range(0, statistics.Bias.Count).MaxBy(p => Math.Abs(statistics.Bias[p]) / (statistics.StandardError[p] + 1e-11));

    private static double Exactly(double value) => Math.Abs(value) < 1e-12 ? 0 : value;

    private static string Small(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 and < 1e6 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 1e-3 and < 100 => value.ToString("G3", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
    };

    /// <summary>A name inside a list with commas.</summary>
    private static string Spoken(string name) => name.Replace(", ", " with ", StringComparison.Ordinal);

    private static string Place(EstimatorComparison row) => $"{row.Estimator.Name} on {row.Problem.Name}";

    private static void Write(Utf8JsonWriter writer, EstimatorComparison row)
    {
        EstimatorStatistics statistics = row.Statistics;
        writer.WriteStartObject();
        writer.WriteString("estimator", row.Estimator.Name);
        writer.WriteString("formula", row.Estimator.Formula);
        writer.WriteString("source", row.Estimator.Source);
        writer.WriteBoolean("unbiased", row.IsUnbiased);
        writer.WriteBoolean("showsBias", row.ShowsBias);
        writer.WriteNumber("samples", row.Samples);
        writer.WriteNumber("gradients", statistics.Draws);
        writer.WriteNumbers("mean", statistics.Mean);
        writer.WriteNumbers("standardError", statistics.StandardError);
        writer.WriteNumbers("variance", statistics.Variance);
        writer.WriteFinite("totalVariance", statistics.TotalVariance);
        writer.WriteFinite("totalVarianceError", statistics.TotalVarianceError);
        writer.WriteFinite("biasInErrors", statistics.BiasInErrors);
        writer.WriteFinite("evaluations", statistics.Evaluations);
        writer.WriteFinite("nanoseconds", statistics.Nanoseconds);
        writer.WriteEndObject();
    }
}
