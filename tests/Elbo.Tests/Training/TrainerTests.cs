using Elbo.Data;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Tests.Training;

public class TrainerTests
{
    [Fact]
    public void A_training_step_allocates_nothing()
    {
        const int warm = 40, measured = 150;
        AllocationMeter meter = new(new ArrayBatches(ArrayBatches.Draw(8 * 400, 5, 1), 5, 8, true), warm, warm + measured);
        TrainingOptions options = new(Steps: warm + measured + 2, BatchSize: 8, Schedule: new WarmupSchedule(50), Clipping: new Clipping(1, 0.5, 1e6), GradientNorm: true);
        using Runtime runtime = new(2);
        using VariableStore<float> store = new();
        using Trainer trainer = new(new SmallModel(5), meter, options, runtime, store);
        trainer.Run();
        Assert.Equal(0, meter.Bytes);
    }

    [Fact]
    public void A_training_step_on_a_data_set_with_noise_and_labels_allocates_nothing()
    {
        const int warm = 40, measured = 150;
        byte[] values = new byte[2000 * 6];
        new Random(3).NextBytes(values);
        DataSet data = DataSet.FromBytes("noise", values, [6], new int[2000]);
        BatchOptions batches = new() { BatchSize = 8, Binarization = Binarization.Dynamic, Corruption = new MaskingCorruption(0.3) };
        AllocationMeter meter = new(new DataSetBatches(data, batches), warm, warm + measured);
        using Runtime runtime = new(2);
        using VariableStore<float> store = new();
        using Trainer trainer = new(new SmallModel(6), meter, new TrainingOptions(Steps: warm + measured + 2, BatchSize: 8), runtime, store);
        trainer.Run();
        Assert.Equal(0, meter.Bytes);
    }

    [Fact]
    public void Epoch_means_are_exact_over_rows_and_validation_counts_every_row_once()
    {
        // The objective is the mean of the first column: its epoch mean must be the column's mean, the last batch of 2 rows counted as 2.
        float[] rows = ArrayBatches.Draw(11, 3, 4);
        double expected = Enumerable.Range(0, 11).Average(i => (double)rows[i * 3]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        using Trainer trainer = new(new ColumnModel(), new ArrayBatches(rows, 3, 11, true), new TrainingOptions(1, BatchSize: 11), runtime, store, new ArrayBatches(rows, 3, 3, false));
        EpochRecord record = Assert.Single(trainer.Run().History);
        Assert.Equal(expected, record.Training["column"][0], 1e-7);
        Assert.Equal(expected, record.Validation!["column"][0], 1e-7);
    }

    [Fact]
    public void Training_raises_the_bound_and_tells_of_progress()
    {
        List<TrainingProgress> told = [];
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        ArrayBatches rows = new(ArrayBatches.Draw(64, 5, 1), 5, 16, true);
        using Trainer trainer = new(new SmallModel(5), rows, new TrainingOptions(30, BatchSize: 16, Optimizer: new Adam(0.03)), runtime, store);
        TrainingResult result = trainer.Run(new Listener(told));
        Assert.True(result.History[^1].Training["elbo"][0] > result.History[0].Training["elbo"][0] + 0.5);
        TrainingProgress[] epochs = [.. told.Where(progress => progress.FinishedEpoch is not null)];
        Assert.Equal(30, epochs.Length);
        Assert.Equal(120, epochs[^1].Step);
        Assert.Equal(TimeSpan.Zero, epochs[^1].TimeLeft);
        Assert.Equal(epochs[^1].FinishedEpoch!.Training["kl"][0], epochs[^1].Kl!.Value, 1e-12);
        Assert.Equal("Training ended after its 30 epochs.", result.Explanation);
    }

    [Fact]
    public void Two_objectives_move_only_their_own_parameters()
    {
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        RivalsModel model = new();
        using Trainer trainer = new(model, new ArrayBatches(new float[4], 1, 2, true), new TrainingOptions(Steps: 1, BatchSize: 2, Optimizer: new Sgd(0.1)), runtime, store);
        trainer.Run();
        // a maximises a·b, b maximises −a·b, each from 1: a rises by the rate, b falls by it.
        Assert.Equal(1.1f, store[model.A.Variable][0], 1e-6f);
        Assert.Equal(0.9f, store[model.B.Variable][0], 1e-6f);
    }

    [Theory]
    [InlineData(null, null, null, 4.0, 0.6, 0.2)] // unclipped: θ − 0.1·g, g = (−4, …)
    [InlineData(1.0, null, null, 4.0, 0.6, 0.2)]
    [InlineData(null, 1.0, null, 4.0, 0.6, 0.2)]
    [InlineData(null, null, 4.0, 4.0, 0.6, 0.2)]
    [InlineData(null, null, 6.0, 4.0, 0.6, 0.2)]
    public void Gradients_are_clipped_by_norm_or_value_or_the_step_is_skipped(double? norm, double? value, double? skip, double first, double second, double third)
    {
        double[] g = [first, second, third];
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        SlopeModel model = new(g);
        TrainingOptions options = new(Steps: 1, BatchSize: 2, Optimizer: new Adam(0.1, Epsilon: 1), Clipping: new Clipping(norm, value, skip), GradientNorm: true);
        using Trainer trainer = new(model, new ArrayBatches(new float[4], 1, 2, true), options, runtime, store);
        EpochRecord record = Assert.Single(trainer.Run().History);
        double length = Math.Sqrt(g.Sum(x => x * x));
        Assert.Equal(length, record.Training["gradientNorm"][0], 1e-6);
        for (int i = 0; i < 3; i++)
        {
            double clipped = g[i] * (norm is { } limit ? Math.Min(1, limit / (length + 1e-6)) : 1);
            if (value is { } bound) clipped = Math.Clamp(clipped, -bound, bound);
            // Adam's first step is η·g/(|g| + ε): with ε = 1 it shows the size of g. A skipped step moves nothing.
            double expected = skip < length ? 0 : 0.1 * clipped / (Math.Abs(clipped) + 1);
            Assert.Equal(expected, store[model.Theta.Variable][i], 1e-6);
        }

        if (skip is not null) Assert.Equal(skip < length ? 1 : 0, record.Training["skipped"][0]);
        if (skip < length) Assert.All(store.Variables.Where(variable => variable.Name.Contains("/adam", StringComparison.Ordinal)), moment => Assert.Equal(new float[3], store[moment].ToArray()));
    }

    [Fact]
    public void Plans_are_built_once_and_not_once_an_epoch()
    {
        CountingModel model = new(new SmallModel(5));
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        ArrayBatches training = new(ArrayBatches.Draw(40, 5, 1), 5, 8, true), validation = new(ArrayBatches.Draw(11, 5, 2), 5, 8, false);
        using Trainer trainer = new(model, training, new TrainingOptions(10, BatchSize: 8), runtime, store, validation);
        trainer.Run();
        // One to train, one for full validation batches, one for the last of 3 rows.
        Assert.Equal(3, model.Builds);
        Assert.Throws<InvalidOperationException>(() => trainer.Run());
    }

    [Fact]
    public void A_store_that_holds_parameters_already_keeps_them()
    {
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        SlopeModel model = new([1, 1, 1]);
        store[model.Theta.Variable].Fill(7);
        using Trainer trainer = new(model, new ArrayBatches(new float[4], 1, 2, true), new TrainingOptions(Steps: 1, BatchSize: 2, Optimizer: new Sgd(0.5)), runtime, store);
        trainer.Run();
        Assert.Equal([7.5f, 7.5f, 7.5f], store[model.Theta.Variable].ToArray());
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Assert.Equal("The training option 'epochs' is 3; it must be the only budget; remove 'steps' or 'samples', or this.", Assert.Throws<ElboException>(() => new TrainingOptions(3, 5).Validate()).Message);
        Assert.Equal("The training option 'epochs' is 0; it must be above 0.", Assert.Throws<ElboException>(() => new TrainingOptions(0).Validate()).Message);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        ElboException failure = Assert.Throws<ElboException>(() => new Trainer(new SmallModel(5), new ArrayBatches(new float[40], 5, 4, true), new TrainingOptions(1, BatchSize: 4, EarlyStopping: new EarlyStopping(Metric: "elbow")), runtime, store));
        Assert.Equal("Early stopping watches 'elbow', which the model does not report; did you mean 'elbo'?", failure.Message);
    }

    private sealed class Listener(List<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told.Add(value);
    }

    /// <summary>
    /// Counts what the training thread allocates from one fill to the next, and keeps the fewest of ten runs of steps: the runtime itself now
    /// and then charges a few kilobytes to a thread, once (see <see cref="Elbo.TestSupport.Allocations"/>).
    /// </summary>
    private sealed class AllocationMeter(IBatchSource inner, long from, long to) : IBatchSource
    {
        private const int Windows = 10;
        private readonly long window = (to - from) / Windows;
        private long start;

        public long Bytes { get; private set; } = long.MaxValue;

        public Shape RowShape => inner.RowShape;

        public int BatchSize => inner.BatchSize;

        public int BatchesPerEpoch => inner.BatchesPerEpoch;

        public bool HasLabels => inner.HasLabels;

        public bool HasSeparateInput => inner.HasSeparateInput;

        public int Fill(long step, Span<float> target, Span<float> input, Span<float> labels)
        {
            if (step >= from && (step - from) % window == 0)
            {
                long now = GC.GetAllocatedBytesForCurrentThread();
                if (step > from) Bytes = Math.Min(Bytes, now - start);
                start = now;
            }

            return inner.Fill(step, target, input, labels);
        }

        public ReadOnlySpan<int> Rows(long step) => inner.Rows(step);
    }

    private sealed class CountingModel(ITrainable inner) : ITrainable
    {
        public int Builds { get; private set; }

        public IReadOnlyList<Parameter> Parameters => inner.Parameters;

        public TrainingGraph Build(Batch batch, bool isTraining)
        {
            Builds++;
            return inner.Build(batch, isTraining);
        }
    }

    private sealed class ColumnModel : ITrainable
    {
        private readonly Parameter _unused = new("p", [1], Initializer.Zeros);

        public IReadOnlyList<Parameter> Parameters => [_unused];

        public TrainingGraph Build(Batch batch, bool isTraining) => new(
            [new Objective(-_unused.Value.Square().Sum(), Parameters)],
            [new Metric("column", batch.Target.Slice(1, 0, 1).Mean())],
            []);
    }

    private sealed class RivalsModel : ITrainable
    {
        public Parameter A { get; } = new("a", [1], Initializer.Ones);

        public Parameter B { get; } = new("b", [1], Initializer.Ones);

        public IReadOnlyList<Parameter> Parameters => [A, B];

        public TrainingGraph Build(Batch batch, bool isTraining)
        {
            Tensor product = (A.Value * B.Value).Sum();
            return new TrainingGraph([new Objective(product, [A]), new Objective(-product, [B])], [], []);
        }
    }

    /// <summary>Maximises slope·θ, so that the loss has the gradient −slope.</summary>
    private sealed class SlopeModel(double[] slope) : ITrainable
    {
        public Parameter Theta { get; } = new("theta", [slope.Length], Initializer.Zeros);

        public IReadOnlyList<Parameter> Parameters => [Theta];

        public TrainingGraph Build(Batch batch, bool isTraining) =>
            new([new Objective((Theta.Value * Tensor.Constant([slope.Length], slope)).Sum(), Parameters)], [], []);
    }
}
