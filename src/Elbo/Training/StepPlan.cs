using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>A compiled step: fills its inputs and runs. Nothing here allocates once it is built.</summary>
internal sealed class StepPlan : IDisposable
{
    private readonly Plan<float> _plan;
    private readonly TrainingStep _step;
    private readonly bool _usesTarget;
    private readonly bool _usesInput;
    private readonly bool _usesLabels;
    private readonly bool _usesStep;
    private readonly bool _usesEpoch;
    private readonly StepScalar[] _scalars;
    private readonly float[] _unusedTarget;

    public StepPlan(Runtime runtime, VariableStore<float> store, TrainingStep step)
        : this(runtime, store, step, [.. step.Metrics.Select(metric => metric.Value)], step.Updates)
    {
    }

    public StepPlan(Runtime runtime, VariableStore<float> store, TrainingStep step, IReadOnlyList<Tensor> outputs, IReadOnlyList<Update> updates)
    {
        _step = step;
        _plan = Plan<float>.Compile(runtime, store, outputs, updates);
        _usesTarget = Uses(step.Target);
        _usesInput = step.Batch.Input != step.Target && Uses(step.Batch.Input);
        _usesLabels = step.Labels is not null && Uses(step.Labels);
        _usesStep = Uses(step.Batch.Step);
        _usesEpoch = Uses(step.Batch.Epoch);
        _scalars = [.. step.Scalars.Where(scalar => Uses(scalar.Input))];
        _unusedTarget = _usesTarget ? [] : new float[step.Target.Shape.ElementCount];
    }

    public Span<float> Target => _usesTarget ? _plan.Input(_step.Target) : _unusedTarget;

    public Span<float> Input => _usesInput ? _plan.Input(_step.Batch.Input) : default;

    public Span<float> Labels => _usesLabels ? _plan.Input(_step.Labels!) : default;

    /// <summary>Sets the scalars that say where training stands.</summary>
    /// <param name="step">The number of finished steps.</param>
    /// <param name="epoch">The number of finished epochs with its fraction.</param>
    /// <param name="rate">The learning rate of this step.</param>
    public void SetScalars(long step, double epoch, double rate)
    {
        if (_usesStep) _plan.Input(_step.Batch.Step)[0] = step;
        if (_usesEpoch) _plan.Input(_step.Batch.Epoch)[0] = (float)epoch;
        foreach (StepScalar scalar in _scalars) _plan.Input(scalar.Input)[0] = (float)scalar.Value(step + 1, rate);
    }

    public void Run(RandomStream stream) => _plan.Run(stream);

    public ReadOnlySpan<float> Output(int index) => _plan.Output(index);

    public void Dispose() => _plan.Dispose();

    /// <summary>Whether the compiled graph reads an input; what it does not read, it does not have.</summary>
    private bool Uses(Tensor input)
    {
        try
        {
            return !_plan.Input(input).IsEmpty;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
