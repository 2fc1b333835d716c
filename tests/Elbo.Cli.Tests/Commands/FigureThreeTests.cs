using Elbo.Cli.Studies.FigureThree;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Report;

namespace Elbo.Cli.Tests.Commands;

public class FigureThreeTests
{
    private static readonly ComparisonPlan Tiny = new()
    {
        TrainingRows = [40, 4000],
        Budgets = [10_000, 30_000, 60_000],
        JudgedFrom = 30_000,
        TuningSamples = 4000,
        TuningRows = 40,
        MeasuredRows = 50,
        Hidden = 12,
        Latent = 2,
        BatchSize = 20,
    };

    [Fact]
    public void On_a_problem_of_seconds_the_curves_lie_as_in_the_figure()
    {
        (DataSet train, DataSet test) = Rows(4000, 60);
        using Runtime runtime = new(1);
        CurveMaker maker = new(Tiny, train, test, 1, runtime);
        double share = 0;
        List<LearningCurve> curves = [.. Tiny.TrainingRows.SelectMany(rows => Methods.All.Select(method => maker.Make(rows, method, value => share = value, TestContext.Current.CancellationToken)))];
        Assert.Equal(1, share, 1e-12);
        FigureThreeResult result = new(Tiny, curves, PublishedCurves.None);
        string story = string.Join("\n", result.Findings) + "\n" + string.Join("\n", result.Rows().Select(static row => string.Join(" ", row)));
        Assert.True(result.Holds, $"seed 1:\n{story}");
        Assert.All(result.Orderings.Where(static ordering => ordering.Required), ordering => Assert.True(ordering.Ours, $"seed 1:\n{story}"));
        // A decoder that knows nothing says ½ for each of 36 pixels: 25 nats.
        Assert.All(curves.SelectMany(static curve => curve.Points), point => Assert.InRange(point.Test, -26, -5));
        Assert.All(curves, curve => Assert.Contains(curve.Rate, Tiny.Rates));
        ReportWriter.Write(new ReportData { Header = new ReportHeader { RunName = "f", Title = "t", Summary = "s", DataSet = "d", Created = DateTimeOffset.UnixEpoch }, Sections = result.Sections }, Stream.Null);
    }

    [Fact]
    public void A_curve_comes_back_from_its_file_and_a_damaged_one_is_named()
    {
        LearningCurve curve = new(40, Methods.Aevb, 0.02, [new CurvePoint(1000, -12.5, 0.25, -13.125, 0.5, -13)], 2.5);
        using StringWriter text = new();
        Output.JsonOutput.Write(text, writer =>
        {
            writer.WritePropertyName("curve");
            curve.Write(writer);
        });
        LearningCurve read = LearningCurve.Read(text.ToString(), "c.json");
        Assert.Equal(curve.Points, read.Points);
        Assert.Equal((curve.Rows, curve.Method, curve.Rate, curve.Seconds), (read.Rows, read.Method, read.Rate, read.Seconds));
        Assert.Contains("c.json", Assert.Throws<ElboException>(() => LearningCurve.Read("{}", "c.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_curves_have_the_orderings_that_are_asked_of_ours()
    {
        PublishedCurves published = PublishedCurves.Load();
        Assert.Equal(-118.0, published.At(1000, Methods.Aevb, "train", 5_000_000));
        Assert.Equal(-143.2, published.At(1000, Methods.Aevb, "test", 60_000_000));
        Assert.Equal(-150.6, published.At(50_000, Methods.MonteCarloEm, "test", 60_000_000));
        Assert.Null(published.At(50_000, Methods.MonteCarloEm, "test", 5_000_000));
        ComparisonPlan plan = ComparisonPlan.Published;
        List<LearningCurve> curves = [];
        foreach (int rows in plan.TrainingRows)
            foreach (string method in Methods.All)
            {
                CurvePoint[] points =
                [
                    .. plan.Budgets.Where(samples => published.At(rows, method, "train", samples) is not null && published.At(rows, method, "test", samples) is not null)
                        .Select(samples => new CurvePoint(samples, published.At(rows, method, "train", samples)!.Value, 0, published.At(rows, method, "test", samples)!.Value, 0, 0)),
                ];
                curves.Add(new LearningCurve(rows, method, 0.02, points, 0));
            }

        // A budget that a curve does not show is compared at its first point after it, which only flatters it.
        Assert.All(Ordering.Of(plan, curves), ordering => Assert.Equal(ordering.Published, ordering.Ours));
    }

    [Fact]
    public void Orders_that_come_late_are_told_and_wrong_ones_are_no()
    {
        ComparisonPlan plan = new() { TrainingRows = [10], Budgets = [1000, 2000, 3000], JudgedFrom = 2000, TuningSamples = 1 };
        LearningCurve Curve(string method, params double[] nats) => new(10, method, 0.1, [.. nats.Select((value, i) => new CurvePoint(plan.Budgets[i], value, 0, value, 0, 0))], 0);
        IReadOnlyList<Ordering> late = Ordering.Of(plan, [Curve(Methods.Aevb, -9, -7, -6), Curve(Methods.WakeSleep, -8, -7.5, -7)]);
        Assert.Equal((true, "by 0.50 to 1.00 nats; not yet at 1,000"), (late[0].Ours, late[0].Evidence));
        IReadOnlyList<Ordering> wrong = Ordering.Of(plan, [Curve(Methods.Aevb, -7, -7, -6), Curve(Methods.WakeSleep, -8, -7.5, -5)]);
        Assert.Equal((false, "by -1.00 to 0.50 nats"), (wrong[0].Ours, wrong[0].Evidence));
        Assert.False(new FigureThreeResult(plan, [Curve(Methods.Aevb, -7, -7, -6), Curve(Methods.WakeSleep, -8, -7.5, -5)], PublishedCurves.None).Holds);
        Assert.Null(late.Single(static ordering => ordering.Statement.StartsWith("Monte Carlo EM above wake-sleep on test", StringComparison.Ordinal)).Ours);
    }

    [Fact]
    public void Who_stops_it_is_obeyed_at_once()
    {
        (DataSet train, DataSet test) = Rows(40, 10);
        using Runtime runtime = new(1);
        foreach (string method in Methods.All)
        {
            using CancellationTokenSource stop = new();
            CurveMaker maker = new(Tiny with { TrainingRows = [40] }, train, test, 1, runtime);
            Assert.Throws<OperationCanceledException>(() => maker.Make(40, method, share => { if (share > 0.3) stop.Cancel(); }, stop.Token));
        }
    }

    /// <summary>Rows of 36 pixels from a random decoder of two latent dimensions.</summary>
    private static (DataSet Train, DataSet Test) Rows(int train, int test)
    {
        const int Side = 6;
        Random random = new(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] weights = [.. Enumerable.Range(0, Side * Side * 3).Select(_ => 2.5 * Normal())];
        float[] values = new float[(train + test) * Side * Side];
        for (int n = 0; n < train + test; n++)
        {
            double a = Normal(), b = Normal();
            for (int i = 0; i < Side * Side; i++)
            {
                double logit = weights[3 * i] * Math.Tanh(a) + weights[3 * i + 1] * Math.Tanh(b) + weights[3 * i + 2] * Math.Tanh(a * b);
                values[n * Side * Side + i] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
            }
        }

        DataSet all = DataSet.FromFloats("made", values, [1, Side, Side]);
        return (all.Slice(0, train), all.Slice(train, test));
    }
}
