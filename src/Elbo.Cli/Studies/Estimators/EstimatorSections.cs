using Elbo.Objectives;
using Elbo.Report;

namespace Elbo.Cli.Studies.Estimators;

/// <summary>What the report shows of the estimators.</summary>
internal static class EstimatorSections
{
    public static IReadOnlyList<ReportSection> Of(EstimatorResult result) => [Problems(result), Estimators(result), Numbers(result)];

    /// <summary>Variance and bias side by side, one pair of panels for each problem.</summary>
    private static IntervalsSection Problems(EstimatorResult result) => new()
    {
        Title = "Variance and bias",
        Note = "The first panel of a problem shows the variance of one gradient, the least first, on a logarithmic axis. The second shows the bias of the parameter where it shows most, in units of the true gradient; "
            + "an interval that holds 0 shows none. Lines are 95 % intervals; where none is seen, it is shorter than the dot.",
        ClassNames = ["unbiased", "biased"],
        Panels = [.. result.Problems.SelectMany(problem => (IntervalPanel[])[Variance(problem.Problem, problem.Rows), Bias(problem.Problem, problem.Rows)])],
    };

    private static IntervalPanel Variance(EstimatorProblem problem, IReadOnlyList<EstimatorComparison> rows) => new()
    {
        Title = problem.Name,
        Explanation = $"gradient {EstimatorResult.Gradient(problem)}",
        XLabel = "variance",
        Logarithmic = true,
        Intervals = [.. rows.Select(row =>
        {
            double variance = EstimatorResult.Variance(row.Statistics), error = variance == 0 ? 0 : 1.96 * row.Statistics.TotalVarianceError;
            return new Interval { Name = row.Estimator.Name, Value = variance, Low = Math.Max(variance - error, variance / 100), High = variance + error, Class = row.IsUnbiased ? 0 : 1 };
        })],
    };

    private static IntervalPanel Bias(EstimatorProblem problem, IReadOnlyList<EstimatorComparison> rows)
    {
        double unit = problem.Gradient.Max(Math.Abs);
        return new IntervalPanel
        {
            Title = "Bias",
            Explanation = problem.Name,
            XLabel = "bias, of the true gradient",
            Reference = 0,
            Intervals = [.. rows.Select(row =>
            {
                int worst = EstimatorResult.Worst(row.Statistics);
                double bias = row.Statistics.Bias[worst] / unit, error = 1.96 * row.Statistics.StandardError[worst] / unit;
                return new Interval { Name = row.Estimator.Name, Value = bias, Low = bias - error, High = bias + error, Class = row.IsUnbiased ? 0 : 1 };
            })],
        };
    }

    private static DataTableSection Estimators(EstimatorResult result) => new()
    {
        Title = "The estimators",
        Note = "z is a draw of a continuous family, b of a discrete one; φ and l are the parameters, σ_λ a softened draw.",
        Columns = [new DataColumn("estimator"), new DataColumn("one gradient"), new DataColumn(""), new DataColumn("published in")],
        Rows = [.. EstimatorResult.Catalog(result).Select(row => new DataRow([row.Estimator.Name, row.Estimator.Formula, row.IsUnbiased ? "unbiased" : "biased", row.Estimator.Source]) { Emphasized = !row.IsUnbiased })],
    };

    private static DataTableSection Numbers(EstimatorResult result) => new()
    {
        Title = "All numbers",
        Note = "The least variance first. A biased estimator may have no bias where its approximation happens to be exact.",
        Columns =
        [
            new DataColumn("estimator"), new DataColumn("variance", true, "of one gradient, summed over the parameters"), new DataColumn("±", true, "standard error of the variance"),
            new DataColumn("bias", true, "of the parameter where it is largest in standard errors"), new DataColumn("± 95 %", true, "half of the interval of the bias"), new DataColumn("errors", true, "the bias in standard errors"),
            new DataColumn("f", true, "evaluations of the function for one gradient"), new DataColumn("ns", true, "nanoseconds for one gradient, of 2048 computed at once"), new DataColumn(""),
        ],
        Rows = [.. result.Problems.SelectMany(problem => problem.Rows.Select(row =>
            new DataRow([.. EstimatorResult.Cells(row), EstimatorResult.Verdict(row)]) { Group = $"{problem.Problem.Name} · gradient {EstimatorResult.Gradient(problem.Problem)}", Emphasized = row.ShowsBias }))],
    };
}
