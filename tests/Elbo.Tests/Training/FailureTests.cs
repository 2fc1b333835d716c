using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Tests.Training;

public sealed class FailureTests : IDisposable
{
    private const int Width = 5, Batch = 8;
    private readonly string _root = TrainingRun.TemporaryFolder();

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void A_row_that_breaks_the_metric_is_named_with_step_batch_and_metric_and_the_state_before_is_kept()
    {
        float[] rows = ArrayBatches.Draw(64, Width, 1);
        rows[37 * Width] = 3; // all others lie in [−1, 1]
        SmallModel model = new(Width, normalization: NormalizationKind.None) { Twist = static (value, target) => value + (2.0 - target.Slice(1, 0, 1).Reshape([target.Shape[0]])).Log() };
        ArrayBatches batches = new(rows, Width, Batch, true);
        long step = Enumerable.Range(0, 8).First(i => batches.Rows(i).Contains(37));
        int place = batches.Rows(step).IndexOf(37);

        (ElboException failure, float[][] after) = Fail(model, batches, new Adam(0.01));
        Assert.Equal(
            $"Training failed in step {step + 1} (epoch 1, batch {step + 1} of 8): 'objective', 'elbo', 'reconstruction' are not finite numbers, because of row 37 of the data (row {place + 1} of the batch). " +
            $"The state before that step is kept in '{Path.Combine(_root, "run", "checkpoint")}'. Try a smaller learning rate or gradient clipping, and check the data.",
            failure.Message);

        // The kept state is that of a run whose budget ends before the step.
        Assert.Equal(Weights(model, batches, new Adam(0.01), step), after);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_caught_in_its_step_though_the_objective_is_fine()
    {
        // √x at 0: the value is 0, the derivative infinite, times the 0 of the outer square: NaN.
        SmallModel model = new(Width) { Twist = static (value, target) => value + ((target.Slice(1, 0, 1).Reshape([target.Shape[0]]) - 0.5).Relu() * value).Abs().Sqrt().Square() };
        (ElboException failure, float[][] after) = Fail(model, new ArrayBatches(ArrayBatches.Draw(64, Width, 1), Width, Batch, true), new Adam(0.01));
        Assert.StartsWith("Training failed in step 1 (epoch 1, batch 1 of 8): the gradient of 'encoder.0.weight' and ", failure.Message);
        Assert.All(after.SelectMany(values => values), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_number_that_is_not_finite_in_the_data_is_named_by_its_row()
    {
        float[] rows = ArrayBatches.Draw(64, Width, 1);
        rows[11 * Width + 3] = float.NaN;
        (ElboException failure, _) = Fail(new SmallModel(Width), new ArrayBatches(rows, Width, Batch, true), new Adam(0.01));
        Assert.Contains(": row 11 of the data holds a number that is not finite.", failure.Message);
    }

    [Fact]
    public void A_learning_rate_that_throws_parameters_beyond_all_numbers_is_caught()
    {
        (ElboException failure, float[][] after) = Fail(new SmallModel(Width, normalization: NormalizationKind.None), new ArrayBatches(ArrayBatches.Draw(64, Width, 1), Width, Batch, true), new Sgd(1e38));
        Assert.StartsWith("Training failed in step ", failure.Message);
        Assert.All(after.SelectMany(values => values), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_failure_long_after_the_last_checkpoint_keeps_the_state_just_before_it_and_a_smaller_rate_can_go_on()
    {
        float[] rows = ArrayBatches.Draw(64, Width, 1);
        rows[37 * Width] = 3;
        SmallModel broken = new(Width) { Twist = static (value, target) => value + Tensor.Where(target.Slice(1, 0, 1).Reshape([target.Shape[0]]).Greater(2.0), double.NaN, 0.0) };
        ArrayBatches batches = new(rows, Width, Batch, true);
        long step = Enumerable.Range(0, 8).First(i => batches.Rows(i).Contains(37));
        Fail(broken, batches, new Adam(0.01));
        using RunFolder folder = RunFolder.OpenToResume(Path.Combine(_root, "run"));
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        using Trainer trainer = new(new SmallModel(Width), batches, new TrainingOptions(3, BatchSize: Batch, Optimizer: new Adam(0.001)), runtime, store, null, folder);
        Assert.True(trainer.Resume());
        Assert.Equal(step, trainer.Step);
        Assert.Equal(StopReason.Finished, trainer.Run().Reason);
    }

    [Fact]
    public void A_layer_whose_output_overflows_is_named()
    {
        // The weights of the second layer start so large that its sums pass the largest float; tanh would hide it, the loss does not.
        using RunFolder folder = RunFolder.Create(_root, "run");
        folder.WriteRecipe("{}");
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        SmallModel model = new(Width, normalization: NormalizationKind.None);
        Parameter mean = model.Parameters.First(parameter => parameter.Name == "mean.weight");
        store[mean.Variable].Fill(float.MaxValue);
        using Trainer trainer = new(model, new ArrayBatches(ArrayBatches.Draw(64, Width, 1), Width, Batch, true), new TrainingOptions(3, BatchSize: Batch), runtime, store, null, folder);
        Assert.StartsWith("Training failed in step 1 (epoch 1, batch 1 of 8): the output of the layer 'mean' is not finite, and 'objective', 'elbo', ", Assert.Throws<ElboException>(() => trainer.Run()).Message);
    }

    private (ElboException Failure, float[][] After) Fail(SmallModel model, IBatchSource batches, Optimizer optimizer)
    {
        using RunFolder folder = RunFolder.Create(_root, "run");
        folder.WriteRecipe("{}");
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        using Trainer trainer = new(model, batches, new TrainingOptions(3, BatchSize: Batch, Optimizer: optimizer), runtime, store, null, folder);
        ElboException failure = Assert.Throws<ElboException>(() => trainer.Run());
        float[][] memory = [.. model.Parameters.Select(parameter => store[parameter.Variable].ToArray())];
        using VariableStore<float> saved = new();
        folder.LoadWeights(model.Parameters, saved);
        Assert.Equal(memory, [.. model.Parameters.Select(parameter => saved[parameter.Variable].ToArray())]);
        return (failure, memory);
    }

    private static float[][] Weights(SmallModel model, IBatchSource batches, Optimizer optimizer, long steps)
    {
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        if (steps == 0)
        {
            model.Parameters.Initialize(store, new RandomStream(1).Split(1));
        }
        else
        {
            using Trainer trainer = new(model, batches, new TrainingOptions(Steps: steps, BatchSize: Batch, Optimizer: optimizer), runtime, store);
            trainer.Run();
        }

        return [.. model.Parameters.Select(parameter => store[parameter.Variable].ToArray())];
    }
}
