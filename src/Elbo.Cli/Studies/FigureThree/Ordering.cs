using Elbo.Cli.Output;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>One statement about which curve is above which, as it holds of the published figure and of ours.</summary>
/// <param name="Statement">The statement, without its places.</param>
/// <param name="Published">Whether it holds of the figure.</param>
/// <param name="Ours">Whether it holds of ours; null where there is nothing to judge by.</param>
/// <param name="Evidence">The numbers behind ours, in a few words.</param>
/// <param name="Required">Whether the study must find it; the others are told.</param>
internal sealed record Ordering(string Statement, bool Published, bool? Ours, string Evidence, bool Required)
{
    public string Verdict => Ours switch { true => "yes", false => "no", null => "not reached" };

    public override string ToString() => $"{Statement}: {Verdict}{(Evidence.Length > 0 ? $" ({Evidence})" : "")}; in the figure: {(Published ? "yes" : "no")}.";

    /// <summary>What figure 3 shows, asked of curves.</summary>
    public static IReadOnlyList<Ordering> Of(ComparisonPlan plan, IReadOnlyList<LearningCurve> curves)
    {
        int few = plan.TrainingRows[0], many = plan.TrainingRows[^1];
        List<Ordering> orderings = [];
        foreach (int rows in plan.TrainingRows)
            foreach (string split in Splits) orderings.Add(Above(plan, curves, Methods.Aevb, Methods.WakeSleep, rows, split, required: true));
        foreach (string split in Splits) orderings.Add(Above(plan, curves, Methods.MonteCarloEm, Methods.WakeSleep, few, split, required: true));
        foreach (string method in new[] { Methods.Aevb, Methods.WakeSleep })
            foreach (string split in Splits) orderings.Add(Above(plan, curves, method, Methods.MonteCarloEm, many, split, required: true));
        orderings.Add(Above(plan, curves, Methods.Aevb, Methods.MonteCarloEm, few, "train", required: false));
        orderings.Add(Gap(curves, few, many));
        return orderings;
    }

    private static readonly string[] Splits = ["train", "test"];

    private static Ordering Above(ComparisonPlan plan, IReadOnlyList<LearningCurve> curves, string upper, string lower, int rows, string split, bool required)
    {
        string statement = $"{char.ToUpperInvariant(Methods.Title(upper)[0])}{Methods.Title(upper)[1..]} above {Methods.Title(lower)} on {split} rows from {Text.Count(plan.JudgedFrom)} samples on, with {Text.Count(rows)} training rows";
        LearningCurve? first = Find(curves, upper, rows), second = Find(curves, lower, rows);
        List<(long Budget, double Difference)> differences = [];
        foreach (long budget in plan.Budgets)
            if (At(first, budget) is { } a && At(second, budget) is { } b) differences.Add((budget, Value(a, split) - Value(b, split)));
        double[] judged = [.. differences.Where(point => point.Budget >= plan.JudgedFrom).Select(static point => point.Difference)];
        if (judged.Length == 0) return new Ordering(statement, true, null, "", required);
        // What the figure does not show is told too.
        long[] before = [.. differences.Where(point => point.Budget < plan.JudgedFrom && point.Difference <= 0).Select(static point => point.Budget)];
        return new Ordering(statement, true, Array.TrueForAll(judged, static difference => difference > 0), $"by {Range(judged)} nats{(before.Length > 0 ? $"; not yet at {Text.Count(before[^1])}" : "")}", required);
    }

    private static Ordering Gap(IReadOnlyList<LearningCurve> curves, int few, int many)
    {
        string statement = $"The gap between training and test rows of AEVB is wider with {Text.Count(few)} training rows than with {Text.Count(many)}";
        if (Find(curves, Methods.Aevb, few)?.Points is not [.., { } small] || Find(curves, Methods.Aevb, many)?.Points is not [.., { } large]) return new Ordering(statement, true, null, "", true);
        double first = small.Train - small.Test, second = large.Train - large.Test;
        return new Ordering(statement, true, first > second, $"{Text.Nats(first)} against {Text.Nats(second)} nats", true);
    }

    public static double Value(CurvePoint point, string split) => split == "train" ? point.Train : point.Test;

    public static LearningCurve? Find(IReadOnlyList<LearningCurve> curves, string method, int rows) => curves.FirstOrDefault(curve => curve.Method == method && curve.Rows == rows);

    /// <summary>The point of a number of samples: the first that has as many.</summary>
    public static CurvePoint? At(LearningCurve? curve, long samples) => curve?.Points.FirstOrDefault(point => point.Samples >= samples);

    private static string Range(double[] values) =>
        Text.Nats(values.Min()) == Text.Nats(values.Max()) ? Text.Nats(values[0]) : $"{Text.Nats(values.Min())} to {Text.Nats(values.Max())}";
}
