using Elbo.Cli.Output;
using Elbo.Report;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>What the report shows of the comparison.</summary>
internal static class FigureThreeSections
{
    public static IReadOnlyList<ReportSection> Of(FigureThreeResult result, ComparisonPlan plan) =>
    [
        .. plan.TrainingRows.Select(rows => Curves(result, rows)),
        new DataTableSection
        {
            Title = "Which is above which",
            Columns = [new DataColumn("ordering"), new DataColumn("figure"), new DataColumn("ours"), new DataColumn("")],
            Rows = [.. result.Orderings.Select(static ordering => new DataRow([ordering.Statement, ordering.Published ? "yes" : "no", ordering.Verdict, ordering.Evidence]) { Emphasized = ordering.Ours == !ordering.Published })],
        },
        new DataTableSection
        {
            Title = "All numbers",
            Note = "Mean ln p(x) in nats per row, ± standard error over the rows measured; beside it the published figure, where the paper's axis shows it.",
            Columns = [.. FigureThreeResult.Headings.Select(static (heading, column) => new DataColumn(heading, column != 1))],
            Rows = [.. result.Rows().Select(static row => new DataRow(row))],
        },
    ];

    private static CurvesSection Curves(FigureThreeResult result, int rows) => new()
    {
        Title = $"{Text.Count(rows)} training rows",
        Note = "The marginal likelihood of the decoder, by training samples evaluated. Whole lines are ours, broken ones the published figure's.",
        XLabel = "samples",
        Logarithmic = true,
        Panels =
        [
            Panel(result, rows, "test", "Test rows", null),
            Panel(result, rows, "train", "Training rows", "What lies above the test rows is learned by heart."),
        ],
    };

    private static CurvePanel Panel(FigureThreeResult result, int rows, string split, string title, string? explanation) => new()
    {
        Title = title,
        Unit = "ln p(x), nats per row",
        Explanation = explanation,
        Curves =
        [
            .. Methods.All.Select(method => Ordering.Find(result.Curves, method, rows)).OfType<LearningCurve>().Select(curve => new Curve
            {
                Name = Methods.Title(curve.Method),
                X = curve.Points.Select(static point => (double)point.Samples).ToArray(),
                Y = curve.Points.Select(point => Ordering.Value(point, split)).ToArray(),
            }),
            .. result.Published.Curves.Where(curve => curve.Rows == rows && curve.Split == split).Select(curve => new Curve
            {
                Name = $"{Methods.Title(curve.Method)}, published",
                Beside = Methods.Title(curve.Method),
                X = curve.Samples.Select(static samples => (double)samples).ToArray(),
                Y = curve.Nats.ToArray(),
            }),
        ],
    };
}
