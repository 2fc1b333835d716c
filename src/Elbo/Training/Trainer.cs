using System.Diagnostics;
using System.Globalization;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Training;

/// <summary>
/// The one trainer: maximises a model's objectives by stochastic gradients. The whole step, from a batch to the moved parameters, is one
/// compiled plan; a step allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// Everything random is a function of the seed and the step, everything else is in the checkpoint: a run that is stopped at any step and
/// resumed, by any process with any number of threads, ends in the same bytes as one that was not.
/// </para>
/// <para>
/// The objective is looked at after each step and all variables at least every few hundred steps. Where a number is not finite, the trainer
/// goes back to its last good copy in memory, repeats the steps up to the one that failed, and throws an <see cref="ElboException"/> that
/// names step, batch, rows and what broke; parameters and checkpoint are then those before that step.
/// </para>
/// </remarks>
public sealed partial class Trainer : IDisposable
{
    private const ulong InitializationKey = 1, StepKey = 2, ValidationKey = 3;

    /// <summary>Copying and looking at 3 million numbers takes about as long as two or three steps on them, so this costs well under 1 %.</summary>
    private const int StepsBetweenCopies = 500;

    private readonly ITrainable _model;
    private readonly IBatchSource _training;
    private readonly TrainingOptions _options;
    private readonly Optimizer _optimizer;
    private readonly Schedule _schedule;
    private readonly RunFolder? _folder;
    private readonly Runtime _runtime;
    private readonly VariableStore<float> _store;
    private readonly TrainingStep _step;
    private readonly StepPlan _plan;
    private readonly MetricSums _sums;
    private readonly ValidationPass? _evaluation;
    private readonly RandomStream _root;
    private readonly SavedVariables _saved;
    private readonly SavedVariables? _best;
    private readonly string _watched;
    private readonly long _plannedSteps;
    private readonly List<EpochRecord> _history = [];
    private readonly TrainingState _state = new();
    private readonly int[] _looked;
    private long _copiedStep = -1;
    private double[] _copiedSums = [];
    private long _copiedRows;
    private double _rate;
    private MetricsLog? _log;
    private bool _ended;

    /// <summary>Prepares training: draws the first values of parameters that the store does not hold yet, and compiles the step.</summary>
    /// <param name="model">What to train.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="options">How to train.</param>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="store">Where the parameters live; plans that evaluate the model can share it.</param>
    /// <param name="validation">The validation batches, or null.</param>
    /// <param name="folder">Where metrics, checkpoints and the weights go, or null to keep all in memory.</param>
    /// <exception cref="ElboException">An option is out of its range or does not fit the data.</exception>
    public Trainer(ITrainable model, IBatchSource training, TrainingOptions options, Runtime runtime, VariableStore<float> store, IBatchSource? validation = null, RunFolder? folder = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(store);
        options.Validate();
        if (training.BatchSize != options.BatchSize)
            throw new ArgumentException($"The training batches have {training.BatchSize} rows, but the options say {options.BatchSize}; make them equal.", nameof(training));
        _model = model;
        _training = training;
        _options = options;
        _optimizer = options.Optimizer ?? new Adam();
        _schedule = options.Schedule ?? new ConstantSchedule();
        _folder = folder;
        _runtime = runtime;
        _store = store;
        _root = new RandomStream(options.Seed);
        _plannedSteps = options.PlannedSteps(training.BatchesPerEpoch);

        model.Parameters.Where(parameter => !store.Contains(parameter.Variable)).Initialize(store, _root.Split(InitializationKey));
        Dictionary<string, Parameter> moments = [];
        _step = TrainingStep.Train(model, training, options, moments);
        moments.Values.Initialize(store, _root.Split(InitializationKey));
        _plan = new StepPlan(runtime, store, _step);
        _sums = new MetricSums(_step.Metrics);
        _looked = [.. Enumerable.Range(0, _sums.Names.Length).Where(i => i < _step.Graph.Objectives.Count || _sums.Names[i] == TrainingStep.GradientNorm)];
        _saved = new SavedVariables(store, [.. model.Parameters, .. moments.Values]);
        _best = options.EarlyStopping is { RestoreBest: true } ? new SavedVariables(store, model.Parameters) : null;
        _evaluation = validation is null ? null : new ValidationPass(model, validation, runtime, store);
        _watched = Watched();
        _state.Seed = options.Seed;
        _state.BatchSize = training.BatchSize;
        _state.BatchesPerEpoch = training.BatchesPerEpoch;
        _state.Metrics = _sums.Names;
    }

    /// <summary>The records of the epochs so far.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The number of finished steps.</summary>
    public long Step => _state.Step;

    /// <summary>The number of steps that the budget allows.</summary>
    public long PlannedSteps => _plannedSteps;

    /// <summary>Whether nothing is left to train: the budget is spent, or early stopping struck.</summary>
    public bool IsFinished => _state.Step >= _plannedSteps || _state.Stopped;

    private double Epoch => (double)_state.Step / _training.BatchesPerEpoch;

    /// <summary>Trains until the budget is spent, early stopping strikes, or somebody cancels.</summary>
    /// <param name="progress">Told a few times a second and at the end of each epoch; called on this thread.</param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint where there is a run folder.</param>
    /// <exception cref="ElboException">A number that is not finite turned up, or the run folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">Training has ended already; only a cancelled run goes on.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_ended) throw new InvalidOperationException("Training has ended; make a new trainer, with a larger budget to go on from the run folder.");
        Stopwatch clock = Stopwatch.StartNew();
        ProgressClock ticks = new(progress, _training.BatchSize);
        TimeSpan lastCheckpoint = TimeSpan.Zero;
        if (_folder is not null) _log ??= MetricsLog.Open(_folder.MetricsPath, _state.MetricsLength);
        CopyState();
        while (_state.Step < _plannedSteps && !_state.Stopped)
        {
            if (cancellation.IsCancellationRequested) return Finish(StopReason.Cancelled, clock.Elapsed);
            MakeStep();
            bool epochEnds = _state.Step % _training.BatchesPerEpoch == 0;
            if (epochEnds)
            {
                if (_saved.FirstNonFinite() is not null) throw Failure(_state.Step - 1);
                EndEpoch();
                ticks.Report(ProgressNow(_history[^1], ticks));
                _sums.Clear();
            }

            if (epochEnds || _state.Step - _copiedStep >= StepsBetweenCopies) CopyState();
            if (_folder is not null && CheckpointIsDue(clock.Elapsed - lastCheckpoint))
            {
                SaveCheckpoint();
                lastCheckpoint = clock.Elapsed;
            }

            if (!epochEnds && ticks.IsDue) ticks.Report(ProgressNow(null, ticks));
        }

        return Finish(_state.Stopped ? StopReason.EarlyStopping : StopReason.Finished, clock.Elapsed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plan.Dispose();
        _evaluation?.Dispose();
        _log?.Dispose();
    }

    private void MakeStep()
    {
        RunStep(_state.Step);
        if (!StepIsFinite()) throw Failure(_state.Step);
        for (int i = 0; i < _sums.Names.Length; i++) _sums.Add(i, _plan.Output(i), _training.BatchSize);
        _sums.Count(_training.BatchSize);
        _state.Step++;
    }

    /// <summary>Fills the batch of a step and runs it; parameters move, the state does not.</summary>
    private void RunStep(long step)
    {
        FillBatch(_plan, step);
        _plan.Run(_root.Split(StepKey).Split((ulong)step));
    }

    private void FillBatch(StepPlan plan, long step)
    {
        _training.Fill(step, plan.Target, plan.Input, plan.Labels);
        double epoch = (double)step / _training.BatchesPerEpoch;
        SchedulePoint point = new(step, epoch, _plannedSteps, (double)_plannedSteps / _training.BatchesPerEpoch);
        _rate = _optimizer.LearningRate * _schedule.Factor(point, _state.Schedule);
        plan.SetScalars(step, epoch, _rate);
    }

    private void EndEpoch()
    {
        int epoch = (int)(_state.Step / _training.BatchesPerEpoch);
        bool last = _state.Step >= _plannedSteps;
        bool evaluate = _evaluation is not null && _options.ValidationEvery > 0 && (epoch % _options.ValidationEvery == 0 || last);
        EpochRecord record = Record(epoch, evaluate);
        _history.Add(record);
        if (_log is not null) _state.MetricsLength = _log.Append(record);
        if (_evaluation is not null && !evaluate) return;
        if (record.Best(_watched) is not { } value) return;
        _schedule.Observe(value, _state.Schedule);
        if (value > _state.Best + (_options.EarlyStopping?.MinimumChange ?? 0))
        {
            _state.Best = value;
            _state.BestEpoch = epoch;
            _state.Waited = 0;
            _best?.Copy();
        }
        else
        {
            _state.Waited++;
            _state.Stopped = _options.EarlyStopping is { } stopping && _state.Waited >= stopping.Patience;
        }
    }

    private EpochRecord Record(int epoch, bool evaluate) => new(
        epoch, _state.Step, _rate, _sums.Means(), evaluate ? _evaluation!.Run(_state.Step, Epoch, _root.Split(ValidationKey)) : null);

    private TrainingResult Finish(StopReason reason, TimeSpan elapsed)
    {
        if (_folder is not null) SaveCheckpoint();
        _ended = reason != StopReason.Cancelled;
        if (reason == StopReason.Finished && _sums.Rows > 0)
        {
            // The record of a part of an epoch stays outside the checkpoint: with a larger budget the epoch goes on and is recorded whole.
            EpochRecord part = Record((int)(_state.Step / _training.BatchesPerEpoch) + 1, _evaluation is not null && _options.ValidationEvery > 0);
            _history.Add(part);
            _log?.Append(part);
        }

        int? restored = null;
        if (_best is not null && reason != StopReason.Cancelled && _state.BestEpoch > 0)
        {
            _best.Restore();
            restored = _state.BestEpoch;
        }

        _folder?.SaveWeights(_model.Parameters, _store);
        return new TrainingResult(reason, Explain(reason), _state.Step, [.. _history], _state.BestEpoch > 0 ? _state.BestEpoch : null, restored, elapsed);
    }

    private string Explain(StopReason reason) => reason switch
    {
        StopReason.Finished => _options.Steps is not null || _options.Samples is not null
            ? $"Training ended after its {_plannedSteps} {(_plannedSteps == 1 ? "step" : "steps")}."
            : string.Create(CultureInfo.InvariantCulture, $"Training ended after its {(double)_plannedSteps / _training.BatchesPerEpoch:0.##} {(_plannedSteps == _training.BatchesPerEpoch ? "epoch" : "epochs")}."),
        StopReason.EarlyStopping => $"Training stopped after epoch {_state.Step / _training.BatchesPerEpoch}: the {(_evaluation is null ? "training" : "validation")} {_watched} has not risen above {_state.Best:0.###} (epoch {_state.BestEpoch}) for {_state.Waited} {(_state.Waited == 1 ? "evaluation" : "evaluations")}.",
        _ => $"Training was stopped on request after step {_state.Step} of {_plannedSteps}.",
    };

    private string Watched()
    {
        if (_options.EarlyStopping is not { } stopping) return _sums.Names.Contains("elbo") ? "elbo" : "objective";
        if (_sums.Names.Contains(stopping.Metric)) return stopping.Metric;
        throw new ElboException($"Early stopping watches '{stopping.Metric}', which the model does not report{NearestName.Suggestion(stopping.Metric, _sums.Names)}");
    }

    private TrainingProgress ProgressNow(EpochRecord? finished, ProgressClock ticks)
    {
        double rate = ticks.RowsPerSecond(_state.Step);
        double left = rate > 0 ? (_plannedSteps - _state.Step) * (double)_training.BatchSize / rate : 0;
        return new TrainingProgress(
            _state.Step, _plannedSteps, Epoch, (double)_plannedSteps / _training.BatchesPerEpoch, rate, TimeSpan.FromSeconds(left), _rate,
            _sums.Mean("elbo"), _sums.Mean("reconstruction"), _sums.Mean("kl"), finished);
    }
}
