using Elbo.Cli.Rows;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of an iterative fit: the bound of each iteration, and the sizes that were tried.</summary>
internal static class FitSections
{
    /// <summary>The bound over the iterations of the model that was kept; null where there was nothing to iterate.</summary>
    public static CurvesSection? Bounds(RowRun run, RowSummary summary)
    {
        IReadOnlyList<double>? bounds = RowMetrics.Read(run.Folder).FirstOrDefault(size => size.Size == summary.Size || size.Size is null).Bounds;
        if (bounds is null || bounds.Count < 2) return null;
        return new CurvesSection
        {
            Title = "Bound per iteration",
            Note = $"{summary.Explanation} A bound that falls would be an error, which the fit reports.",
            XLabel = "iteration",
            Panels =
            [
                new CurvePanel { Title = "ELBO", Unit = "nats per row", Explanation = run.Family.IsExact ? "Equal to log p(x), since the posterior is exact." : null, Curves = [Line("training", bounds, 0)] },
                new CurvePanel { Title = "Gain", Unit = "log10 nats per row", Explanation = "By how much each iteration raised it.", Curves = [Gains(bounds)] },
            ],
        };
    }

    /// <summary>The criteria over the sizes; null where one size was fitted.</summary>
    public static CurvesSection? Selection(RowRun run, RowSummary summary)
    {
        if (summary.Tried is not { } tried) return null;
        SizeOutcome[] fitted = [.. tried.Where(static size => size.Failure is null)];
        if (fitted.Length < 2) return null;
        List<Curve> criteria = fitted[0].Bic is null ? [] : [Of("BIC", static size => size.Bic ?? double.NaN), Of("AIC", static size => size.Aic ?? double.NaN)];
        if (fitted[0].Icl is not null) criteria.Add(Of("ICL", static size => size.Icl ?? double.NaN));
        string what = run.Family.Size?.Key ?? "size";
        return new CurvesSection
        {
            Title = $"How many {what}",
            Note = $"Each number of {what} fitted by itself; {summary.Criterion!.ToUpperInvariant()} chose {summary.Size}. {(criteria.Count > 0 ? "Criteria weigh the fit against the number of parameters: lower is better." : "The bound weighs it by itself: higher is better.")}",
            XLabel = what,
            Panels =
            [
                .. criteria.Count == 0 ? (CurvePanel[])[] : [new CurvePanel { Title = "Criteria", Explanation = "Lower is better.", Curves = criteria }],
                new CurvePanel { Title = "ELBO by size", Unit = "nats per row", Explanation = run.Family.IsExact ? "It rises with every parameter, needed or not." : null, Curves = [Of("training", static size => size.Elbo)] },
            ],
            Marks = [new CurveMark { X = summary.Size!.Value, Label = "chosen" }],
        };

        Curve Of(string name, Func<SizeOutcome, double> value) => new()
        {
            Name = name,
            X = fitted.Select(static size => (double)size.Size).ToArray(),
            Y = fitted.Select(value).ToArray(),
        };
    }

    private static Curve Line(string name, IReadOnlyList<double> values, int first) => new()
    {
        Name = name,
        X = Enumerable.Range(first, values.Count).Select(static index => (double)index).ToArray(),
        Y = values.ToArray(),
    };

    private static Curve Gains(IReadOnlyList<double> bounds) =>
        Line("training", [.. Enumerable.Range(1, bounds.Count - 1).Select(index => bounds[index] > bounds[index - 1] ? Math.Log10(bounds[index] - bounds[index - 1]) : double.NaN)], 1);
}
