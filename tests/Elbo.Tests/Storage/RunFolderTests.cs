using System.Text.Json;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Tests.Training;
using Elbo.Training;

namespace Elbo.Tests.Storage;

public sealed class RunFolderTests : IDisposable
{
    private readonly string _root = TrainingRun.TemporaryFolder();

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void Names_are_made_up_in_order_and_a_name_that_is_taken_is_refused()
    {
        using (RunFolder first = RunFolder.Create(_root, prefix: "vae")) first.WriteRecipe("{}");
        using (RunFolder second = RunFolder.Create(_root, prefix: "vae")) Assert.Equal("vae-2", second.Name);
        Assert.Equal($"The run '{Path.Combine(_root, "vae-1")}' exists already; resume it, or choose another name.", Assert.Throws<ElboException>(() => RunFolder.Create(_root, "vae-1")).Message);
        using RunFolder reused = RunFolder.Create(_root, "vae-2"); // nothing was ever written there
        Assert.Equal("vae-2", reused.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    public void A_name_that_is_no_name_is_refused(string name) =>
        Assert.Equal($"'{name}' is no name for a run; it must be the name of a folder, without '/' or '\\' and not beginning with '.' or '-'.", Assert.Throws<ElboException>(() => RunFolder.Create(_root, name)).Message);

    [Fact]
    public void Two_at_once_on_one_run_are_refused_and_reading_is_not()
    {
        using RunFolder first = RunFolder.Create(_root, "run");
        first.WriteRecipe("{}");
        Assert.Contains("is in use by process", Assert.Throws<ElboException>(() => RunFolder.OpenToResume(first.FullPath)).Message);
        Assert.Contains("is in use by process", Assert.Throws<ElboException>(() => RunFolder.Create(_root, "run")).Message);
        using RunFolder reader = RunFolder.Open(first.FullPath);
        Assert.Equal("{}", reader.ReadRecipe());
    }

    [Fact]
    public void What_is_no_run_folder_is_named_so()
    {
        string missing = Path.Combine(_root, "missing"), file = Path.Combine(_root, "file"), other = Path.Combine(_root, "other");
        File.WriteAllText(file, "");
        Directory.CreateDirectory(other);
        Assert.Equal($"The run folder '{missing}' does not exist; check the path, or begin a run with 'elbo fit'.", Message(() => RunFolder.Open(missing)));
        Assert.Equal($"'{file}' is a file, and a run folder was expected; name the folder it is in.", Message(() => RunFolder.Open(file)));
        Assert.Equal($"'{other}' is no run folder: it has no recipe.json; name a folder that 'elbo fit' made.", Message(() => RunFolder.OpenToResume(other)));
        Assert.Contains("cannot be written", Message(() => RunFolder.Create(file)));
    }

    [Fact]
    public void A_model_reads_back_and_a_newer_or_damaged_one_is_refused()
    {
        using RunFolder folder = RunFolder.Create(_root, "run");
        using JsonDocument definition = JsonDocument.Parse("{\"latent\": 2}");
        folder.WriteModel(new ModelDescription("autoencoder", [1, 28, 28], definition.RootElement));
        ModelDescription read = folder.ReadModel();
        Assert.Equal("autoencoder", read.Kind);
        Assert.Equal([1, 28, 28], read.RowShape);
        Assert.Equal(2, read.Definition.GetProperty("latent").GetInt32());

        File.WriteAllText(folder.ModelPath, "{\"format\": 7, \"news\": true}");
        Assert.Equal($"'{folder.ModelPath}' has the model format 7, and this Elbo reads 1; use the Elbo that wrote it, or a newer one.", Message(() => folder.ReadModel()));
        File.WriteAllText(folder.ModelPath, "{\"format\": 1, \"kind\": \"aut");
        Assert.Contains("is damaged", Message(() => folder.ReadModel()));
        File.WriteAllText(folder.ModelPath, "[1]");
        Assert.Contains("has no 'format'", Message(() => folder.ReadModel()));
        File.Delete(folder.ModelPath);
        Assert.Contains("does not exist", Message(() => folder.ReadModel()));
    }

    [Fact]
    public void Weights_read_back_and_those_of_another_model_are_named()
    {
        using RunFolder folder = RunFolder.Create(_root, "run");
        Parameter weight = new("encoder.0.weight", [2, 3], Initializer.Normal(1)), bias = new("encoder.0.bias", [3], Initializer.Normal(1));
        using VariableStore<float> store = new(), read = new();
        Assert.Contains("has no weights yet", Message(() => folder.LoadWeights([weight], read)));
        new[] { weight, bias }.Initialize(store, new RandomStream(4));
        folder.SaveWeights([weight, bias], store);
        folder.LoadWeights([weight, bias], read);
        Assert.Equal(store[weight.Variable].ToArray(), read[weight.Variable].ToArray());

        Parameter wider = new("encoder.0.weight", [2, 4], Initializer.Zeros), more = new("encoder.1.weight", [1, 1], Initializer.Zeros);
        Assert.Equal($"'{folder.WeightsPath}' holds 'encoder.0.weight' of shape [2, 3], and the model expects [2, 4]; use the weights that were saved with this model.", Message(() => folder.LoadWeights([wider, bias], read)));
        Assert.Contains("does not hold 'encoder.1.weight'", Message(() => folder.LoadWeights([weight, bias, more], read)));
        Assert.Contains("holds 'encoder.0.bias', which the model does not have", Message(() => folder.LoadWeights([weight], read)));

        byte[] bytes = File.ReadAllBytes(folder.WeightsPath);
        File.WriteAllBytes(folder.WeightsPath, bytes[..^5]);
        Assert.Contains("is truncated", Message(() => folder.LoadWeights([weight, bias], read)));
        Safetensors.Save(folder.WeightsPath, [], [new("format", "elbo-model"), new("version", "2")]);
        Assert.Contains("has the model format 2, and this Elbo reads 1", Message(() => folder.LoadWeights([weight, bias], read)));
    }

    [Fact]
    public void A_checkpoint_of_a_newer_format_is_named()
    {
        string folder = Path.Combine(_root, "run", "checkpoint");
        Directory.CreateDirectory(folder);
        Safetensors.Save(Path.Combine(folder, "current.safetensors"), [], [new("format", "elbo-checkpoint"), new("version", "2")]);
        Assert.Contains("has the checkpoint format 2, and this Elbo reads 1", Message(() => CheckpointFile.Load(folder, null)));
    }

    [Fact]
    public void The_newest_checkpoint_counts_wherever_a_kill_left_the_names()
    {
        string folder = Path.Combine(_root, "checkpoint"), next = Path.Combine(folder, "next.safetensors"), current = Path.Combine(folder, "current.safetensors");
        KeyValuePair<string, NumericArray>[] tensors = [new("x", NumericArray.From<float>([1, 2]))];
        CheckpointFile.Save(folder, tensors, "1");
        CheckpointFile.Save(folder, tensors, "2");
        Assert.Equal("2", CheckpointFile.Load(folder, null)!.State);

        File.Move(current, next); // killed between the two moves: current became previous, next not yet current
        Assert.Equal("2", CheckpointFile.Load(folder, null)!.State);
        CheckpointFile.Save(folder, tensors, "3");
        Assert.Equal("3", CheckpointFile.Load(folder, null)!.State);
        Assert.False(File.Exists(next));
        Assert.Equal("2", State(Path.Combine(folder, "previous.safetensors")));
    }

    [Fact]
    public void A_read_only_folder_is_refused_in_a_sentence()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName != "root", "The superuser and Windows may write into a folder marked read-only.");
        string path = Path.Combine(_root, "locked");
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Contains("cannot be written: permission denied", Message(() => RunFolder.Create(path, "run")));
        }
        finally
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Metrics_read_back_and_a_damaged_line_is_passed_over()
    {
        TrainingRun.Fit(Path.Combine(_root, "run"), TrainingRun.Options with { Epochs = 2 }, false);
        using RunFolder folder = RunFolder.Open(Path.Combine(_root, "run"));
        EpochRecord last = folder.ReadMetrics()[1];
        Assert.Equal(2, last.Epoch);
        Assert.Equal(10, last.Step);
        Assert.Equal(2, last.Validation!["klPerDimension"].Length);
        Assert.Equal(last.Validation["kl"][0], last.Validation["klPerDimension"].Sum(), 1e-5);
        Assert.Equal(last.Validation["elbo"][0], last.Best("elbo"));
        File.AppendAllText(folder.MetricsPath, "{\"epo");
        List<string> notes = [];
        Assert.Equal(2, folder.ReadMetrics(notes.Add).Count);
        Assert.Contains("is damaged and was passed over", Assert.Single(notes));
    }

    private static string State(string path) => Safetensors.Load(path).Metadata["state"];

    private static string Message(Action action) => Assert.Throws<ElboException>(action).Message;
}
