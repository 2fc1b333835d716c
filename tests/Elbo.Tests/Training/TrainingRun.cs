using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Tests.Training;

/// <summary>One process's part in a run: everything made anew, as a new process would.</summary>
internal static class TrainingRun
{
    public const int Width = 5, Rows = 47, Batch = 8;

    public static readonly TrainingOptions Options = new(
        6, BatchSize: Batch, Optimizer: new Adam(0.02), Schedule: new ProductSchedule([new WarmupSchedule(4), new PlateauSchedule(0.5, 0, 0.5)]),
        Clipping: new Clipping(5), EarlyStopping: new EarlyStopping(4), CheckpointSteps: 4, CheckpointSeconds: 0, GradientNorm: true, Seed: 3);

    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("elbo-tests-").FullName;

    public static TrainingResult Fit(string path, TrainingOptions options, bool resume, int threads = 1, long? stopAfter = null, Action<string>? note = null)
    {
        using RunFolder folder = resume ? RunFolder.OpenToResume(path) : RunFolder.Create(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        if (!resume) folder.WriteRecipe("{}");
        using Runtime runtime = new(threads);
        using VariableStore<float> store = new();
        using CancellationTokenSource cancellation = new();
        ArrayBatches training = new(ArrayBatches.Draw(Rows, Width, 1), Width, Batch, true), validation = new(ArrayBatches.Draw(11, Width, 2), Width, Batch, false);
        using Trainer trainer = new(new SmallModel(Width), stopAfter is { } limit ? new Interrupting(training, limit, cancellation) : training, options, runtime, store, validation, folder);
        if (resume) trainer.Resume(note);
        return trainer.Run(cancellation: cancellation.Token);
    }

    /// <summary>The bytes that must not depend on how often a run was stopped.</summary>
    public static Dictionary<string, byte[]> Bytes(string path)
    {
        SafetensorsFile checkpoint = Safetensors.Load(Path.Combine(path, "checkpoint", "current.safetensors"));
        Dictionary<string, byte[]> bytes = new()
        {
            ["metrics.jsonl"] = File.ReadAllBytes(Path.Combine(path, "metrics.jsonl")),
            ["model.safetensors"] = File.ReadAllBytes(Path.Combine(path, "model.safetensors")),
            ["checkpoint"] = File.ReadAllBytes(Path.Combine(path, "checkpoint", "current.safetensors")),
        };
        foreach ((string name, NumericArray array) in checkpoint.Tensors) bytes[name] = array.Bytes.ToArray();
        return bytes;
    }

    public static void AssertSame(string expected, string actual, string what)
    {
        Dictionary<string, byte[]> left = Bytes(expected), right = Bytes(actual);
        Assert.Equal(left.Keys.Order(), right.Keys.Order());
        foreach (string name in left.Keys)
            Assert.True(left[name].AsSpan().SequenceEqual(right[name]), $"{what}: '{name}' differs from that of the unbroken run");
    }

    /// <summary>Asks to stop while it fills the batch of a step.</summary>
    private sealed class Interrupting(ArrayBatches inner, long step, CancellationTokenSource cancellation) : IBatchSource
    {
        public Shape RowShape => inner.RowShape;

        public int BatchSize => inner.BatchSize;

        public int BatchesPerEpoch => inner.BatchesPerEpoch;

        public bool HasLabels => false;

        public bool HasSeparateInput => false;

        public int Fill(long asked, Span<float> target, Span<float> input, Span<float> labels)
        {
            if (asked == step) cancellation.Cancel();
            return inner.Fill(asked, target, input, labels);
        }

        public ReadOnlySpan<int> Rows(long asked) => inner.Rows(asked);
    }
}
