using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Output;
using Elbo.Report;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>The curves, beside the published ones, and which is above which.</summary>
internal sealed class FigureThreeResult(ComparisonPlan plan, IReadOnlyList<LearningCurve> curves, PublishedCurves published) : StudyResult
{
    public IReadOnlyList<LearningCurve> Curves => curves;

    public PublishedCurves Published => published;

    public IReadOnlyList<Ordering> Orderings { get; } = Ordering.Of(plan, curves);

    public override bool Holds => Orderings.All(static ordering => !ordering.Required || ordering.Ours != false);

    public override IReadOnlyList<string> Findings
    {
        get
        {
            int judged = Orderings.Count(static ordering => ordering.Ours is not null), same = Orderings.Count(static ordering => ordering.Ours == ordering.Published);
            return
            [
                same == judged ? $"All {judged} orderings of the figure that these budgets reach are reproduced." : $"{same} of the {judged} orderings of the figure that these budgets reach are reproduced.",
                .. Orderings.Select(static ordering => ordering.ToString()),
            ];
        }
    }

    public override IReadOnlyList<string> Listed => [];

    public override IReadOnlyList<HeadlineNumber> Numbers =>
    [
        .. Methods.All.Select(method => Ordering.Find(curves, method, plan.TrainingRows[0])).OfType<LearningCurve>().Where(static curve => curve.Points.Count > 0).Select(curve => new HeadlineNumber
        {
            Label = Methods.Title(curve.Method),
            Value = curve.Points[^1].Test,
            StandardError = curve.Points[^1].TestError,
            Unit = "nats",
            HigherIsBetter = true,
            Explanation = $"ln p(x) of test rows after {Text.Count(curve.Points[^1].Samples)} samples of {Text.Count(curve.Rows)} training rows.",
        }),
    ];

    public override IReadOnlyList<ReportSection> Sections => FigureThreeSections.Of(this, plan);

    /// <summary>The rows of the table: training rows, method, rate, samples, ours, published, of training and of test rows.</summary>
    public IEnumerable<string[]> Rows()
    {
        foreach (LearningCurve curve in curves)
            foreach (CurvePoint point in curve.Points)
            {
                yield return
                [
                    Text.Count(curve.Rows), Methods.Title(curve.Method), Text.Number(curve.Rate), Text.Count(point.Samples),
                    With(point.Train, point.TrainError), Beside(curve, point, "train"), With(point.Test, point.TestError), Beside(curve, point, "test"),
                ];
            }
    }

    public static string[] Headings { get; } = ["rows", "method", "step size", "samples", "train", "published", "test", "published"];

    public override void WriteTable(TextWriter output)
    {
        TextTable table = new TextTable(Headings).AlignRight(0, 2, 3, 4, 5, 6, 7);
        foreach (string[] row in Rows()) table.Add(row);
        table.Write(output);
        output.WriteLine();
        output.WriteLine("mean ln p(x) in nats per row, ± standard error over the rows measured; higher is better");
    }

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("orderings");
        foreach (Ordering ordering in Orderings)
        {
            writer.WriteStartObject();
            writer.WriteString("statement", ordering.Statement);
            writer.WriteBoolean("published", ordering.Published);
            if (ordering.Ours is { } ours) writer.WriteBoolean("ours", ours);
            else writer.WriteNull("ours");
            writer.WriteString("evidence", ordering.Evidence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("curves");
        foreach (LearningCurve curve in curves) curve.Write(writer);
        writer.WriteEndArray();
    }

    public override IEnumerable<string> Markdown()
    {
        yield return "Mean ln p(x) in nats per row, ± standard error over the rows measured.";
        yield return "";
        foreach (string line in MarkdownTable.Of(Headings, Rows(), textColumns: 2)) yield return line;
        yield return "";
        yield return $"Training alone took {string.Join(", ", curves.Select(curve => $"{Text.Time(TimeSpan.FromSeconds(curve.Seconds))} ({Methods.Title(curve.Method)}, {Text.Count(curve.Rows)} rows)"))}.";
    }

    private string Beside(LearningCurve curve, CurvePoint point, string split) =>
        plan.Budgets.Where(budget => Ordering.At(curve, budget) == point).Select(budget => published.At(curve.Rows, curve.Method, split, budget)).FirstOrDefault(static value => value is not null) is { } value
            ? value.ToString("0.0", CultureInfo.InvariantCulture)
            : "";

    private static string With(double value, double error) => $"{Text.Nats(value)} ± {Text.Nats(error)}";
}
