using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>Means of a model's metrics over all rows of a source, exact over rows: a last batch that is not full has a plan of its own.</summary>
internal sealed class ValidationPass(ITrainable model, IBatchSource source, Runtime runtime, VariableStore<float> store) : IDisposable
{
    private readonly Dictionary<int, (StepPlan Plan, MetricSums Sums)> _plans = [];
    private readonly float[] _target = new float[source.BatchSize * source.RowShape.ElementCount];
    private readonly float[] _input = source.HasSeparateInput ? new float[source.BatchSize * source.RowShape.ElementCount] : [];
    private readonly float[] _labels = source.HasLabels ? new float[source.BatchSize] : [];

    /// <summary>Evaluates all rows. Each batch has the same noise every time, so that epochs compare.</summary>
    public IReadOnlyDictionary<string, double[]> Run(long step, double epoch, RandomStream noise)
    {
        foreach ((_, MetricSums sums) in _plans.Values) sums.Clear();
        for (int batch = 0; batch < source.BatchesPerEpoch; batch++)
        {
            int rows = source.Fill(batch, _target, _input, _labels);
            (StepPlan plan, MetricSums sums) = PlanFor(rows);
            _target.AsSpan(0, plan.Target.Length).CopyTo(plan.Target);
            _input.AsSpan(0, plan.Input.Length).CopyTo(plan.Input);
            _labels.AsSpan(0, plan.Labels.Length).CopyTo(plan.Labels);
            plan.SetScalars(step, epoch, 0);
            plan.Run(noise.Split((ulong)batch));
            for (int i = 0; i < sums.Names.Length; i++) sums.Add(i, plan.Output(i), rows);
            sums.Count(rows);
        }

        MetricSums total = _plans.Values.First().Sums;
        foreach ((_, MetricSums sums) in _plans.Values.Skip(1)) total.Merge(sums);
        return total.Means();
    }

    public void Dispose()
    {
        foreach ((StepPlan plan, _) in _plans.Values) plan.Dispose();
    }

    private (StepPlan Plan, MetricSums Sums) PlanFor(int rows)
    {
        if (_plans.TryGetValue(rows, out (StepPlan, MetricSums) known)) return known;
        TrainingStep step = TrainingStep.Evaluate(model, source, rows);
        return _plans[rows] = (new StepPlan(runtime, store, step), new MetricSums(step.Metrics));
    }
}
