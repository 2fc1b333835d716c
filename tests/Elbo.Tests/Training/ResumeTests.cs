using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly string _root = TrainingRun.TemporaryFolder();

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void Three_epochs_and_three_more_are_six_to_the_byte()
    {
        TrainingResult whole = TrainingRun.Fit(Folder("whole"), TrainingRun.Options, false);
        Assert.Equal(StopReason.Finished, whole.Reason);
        Assert.Equal(6, whole.History.Count);

        // The planned length of the run is part of the options, as a schedule may depend on it; stopping is what divides it.
        TrainingResult first = TrainingRun.Fit(Folder("parts"), TrainingRun.Options, false, stopAfter: 14);
        Assert.Equal(StopReason.Cancelled, first.Reason);
        Assert.Equal("Training was stopped on request after step 15 of 30.", first.Explanation);
        Assert.Equal(3, first.History.Count);
        TrainingResult second = TrainingRun.Fit(Folder("parts"), TrainingRun.Options, true);
        Assert.Equal(6, second.History.Count);
        TrainingRun.AssertSame(Folder("whole"), Folder("parts"), "3 + 3 epochs");
    }

    [Fact]
    public void A_larger_budget_goes_on_from_the_smaller()
    {
        TrainingOptions short_ = TrainingRun.Options with { Epochs = 3, EarlyStopping = null }, long_ = TrainingRun.Options with { EarlyStopping = null };
        TrainingRun.Fit(Folder("whole"), long_, false);
        TrainingRun.Fit(Folder("parts"), short_, false);
        TrainingRun.Fit(Folder("parts"), long_, true);
        TrainingRun.AssertSame(Folder("whole"), Folder("parts"), "3 epochs, then a budget of 6");
    }

    [Fact]
    public void A_run_stopped_in_the_middle_of_an_epoch_again_and_again_ends_in_the_same_bytes_with_any_number_of_threads()
    {
        TrainingRun.Fit(Folder("whole"), TrainingRun.Options, false, threads: 1);
        const int seed = 5;
        Random random = new(seed);
        long step = 0;
        for (bool resume = false; ; resume = true)
        {
            step += 1 + random.Next(6);
            if (TrainingRun.Fit(Folder("parts"), TrainingRun.Options, resume, 1 + random.Next(3), step).Reason != StopReason.Cancelled) break;
            step++;
        }

        TrainingRun.AssertSame(Folder("whole"), Folder("parts"), $"stopped at random, seed {seed}");
    }

    [Fact]
    public void A_budget_that_ends_within_an_epoch_records_the_part_and_goes_on_to_the_whole()
    {
        TrainingOptions part = TrainingRun.Options with { Epochs = null, Steps = 12, EarlyStopping = null };
        TrainingResult result = TrainingRun.Fit(Folder("parts"), part, false);
        Assert.Equal([5, 10, 12], result.History.Select(record => record.Step));
        Assert.Equal("Training ended after its 12 steps.", result.Explanation);
        TrainingRun.Fit(Folder("parts"), part with { Steps = 20 }, true);
        TrainingRun.Fit(Folder("whole"), part with { Steps = 20 }, false);
        TrainingRun.AssertSame(Folder("whole"), Folder("parts"), "12 steps, then 20");
    }

    [Fact]
    public void Early_stopping_says_why_and_takes_the_best_back()
    {
        TrainingOptions options = TrainingRun.Options with { Epochs = 200, EarlyStopping = new EarlyStopping(2, 1) };
        TrainingResult result = TrainingRun.Fit(Folder("early"), options, false);
        Assert.Equal(StopReason.EarlyStopping, result.Reason);
        Assert.Matches(@"^Training stopped after epoch \d+: the validation elbo has not risen above -?[\d.]+ \(epoch \d+\) for 2 evaluations\.$", result.Explanation);
        Assert.Equal(result.BestEpoch, result.ParametersOf);
        Assert.Equal(result.BestEpoch + 2, result.History.Count);

        // The restored parameters score what the record of the best epoch says: a fresh evaluation of the saved weights.
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        SmallModel model = new(TrainingRun.Width);
        using RunFolder folder = RunFolder.Open(Folder("early"));
        folder.LoadWeights(model.Parameters, store);
        using ValidationPass evaluation = new(model, new ArrayBatches(ArrayBatches.Draw(11, TrainingRun.Width, 2), TrainingRun.Width, 8, false), runtime, store);
        double again = evaluation.Run(0, 0, new RandomStream(options.Seed).Split(3))["elbo"][0];
        Assert.Equal(result.History[result.BestEpoch!.Value - 1].Validation!["elbo"][0], again);

        Assert.Equal(StopReason.EarlyStopping, TrainingRun.Fit(Folder("early"), options, true).Reason);
    }

    [Theory]
    [InlineData("current.safetensors", 0.5)]
    [InlineData("current.safetensors", 0)]
    [InlineData("current.safetensors", 0.999)]
    public void A_damaged_checkpoint_falls_back_to_the_one_before_it(string file, double part)
    {
        TrainingRun.Fit(Folder("whole"), TrainingRun.Options, false);
        TrainingRun.Fit(Folder("parts"), TrainingRun.Options, false, stopAfter: 17);
        string path = Path.Combine(Folder("parts"), "checkpoint", file);
        using (FileStream stream = new(path, FileMode.Open)) stream.SetLength((long)(stream.Length * part));
        List<string> notes = [];
        TrainingRun.Fit(Folder("parts"), TrainingRun.Options, true, note: notes.Add);
        string note = Assert.Single(notes);
        Assert.Contains("current.safetensors' is truncated", note);
        Assert.Contains("Going back to the checkpoint before it", note);
        TrainingRun.AssertSame(Folder("whole"), Folder("parts"), "fallback");
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        TrainingRun.Fit(Folder("run"), TrainingRun.Options, false, stopAfter: 17);
        string path = Path.Combine(Folder("run"), "checkpoint", "current.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^10] ^= 1;
        File.WriteAllBytes(path, bytes);
        List<string> notes = [];
        TrainingRun.Fit(Folder("run"), TrainingRun.Options, true, note: notes.Add);
        Assert.Contains("does not match its SHA-256", Assert.Single(notes));
    }

    [Fact]
    public void When_every_checkpoint_is_damaged_the_error_names_them()
    {
        TrainingRun.Fit(Folder("run"), TrainingRun.Options, false, stopAfter: 17);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Folder("run"), "checkpoint"))) File.WriteAllText(path, "x");
        ElboException failure = Assert.Throws<ElboException>(() => TrainingRun.Fit(Folder("run"), TrainingRun.Options, true));
        Assert.Contains("current.safetensors' is truncated", failure.Message);
        Assert.Contains("previous.safetensors' is truncated", failure.Message);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        TrainingRun.Fit(Folder("run"), TrainingRun.Options, false, stopAfter: 17);
        Assert.Contains("its seed is 3, but the run now has 4", Assert.Throws<ElboException>(() => TrainingRun.Fit(Folder("run"), TrainingRun.Options with { Seed = 4 }, true)).Message);
        Assert.Contains("holds 'encoder.0.weight/adam.m', which the model does not have",
            Assert.Throws<ElboException>(() => TrainingRun.Fit(Folder("run"), TrainingRun.Options with { Optimizer = new Sgd(0.1, 0.9) }, true)).Message);
    }

    private string Folder(string name) => Path.Combine(_root, name);
}
