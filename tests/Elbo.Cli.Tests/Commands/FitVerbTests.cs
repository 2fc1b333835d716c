using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Commands;

public class FitVerbTests
{
    [Fact]
    public async Task Leaves_a_run_folder_and_prints_what_it_came_to()
    {
        using TemporaryFolder folder = new();
        ToolRun run = (await ToolRun.Of(Small.Fit(folder.Root, "--name", "first", "--json"))).Succeeded();
        JsonElement result = run.Json;
        Assert.Equal(folder["first"], result.GetProperty("run").GetString());
        Assert.Equal(2, result.GetProperty("epochs").GetDouble());
        Assert.Equal("finished", result.GetProperty("reason").GetString());
        double elbo = result.GetProperty("elbo").GetDouble();
        Assert.InRange(elbo, -784 * Math.Log(2) - 20, -50);
        Assert.Equal(elbo, result.GetProperty("reconstruction").GetDouble() - result.GetProperty("kl").GetDouble(), 1e-3);
        Assert.All(["recipe.json", "model.json", "model.safetensors", "metrics.jsonl", "checkpoint", "summary.json", "report.html"], name => Assert.True(Path.Exists(Path.Combine(folder["first"], name)), name));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_at_any_number_of_threads()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "one"))).Succeeded();
        (await ToolRun.Of([.. Small.Fit(folder.Root, "--name", "two"), "--threads", "2"])).Refused(ExitCode.Usage, "--threads");
        string[] twoThreads = [.. Small.Fit(folder.Root, "--name", "two")];
        twoThreads[Array.IndexOf(twoThreads, "--threads") + 1] = "2";
        (await ToolRun.Of(twoThreads)).Succeeded();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "other", "--seed", "2"))).Succeeded();
        byte[] one = await File.ReadAllBytesAsync(Path.Combine(folder["one"], "model.safetensors"), TestContext.Current.CancellationToken);
        Assert.Equal(one, await File.ReadAllBytesAsync(Path.Combine(folder["two"], "model.safetensors"), TestContext.Current.CancellationToken));
        Assert.NotEqual(one, await File.ReadAllBytesAsync(Path.Combine(folder["other"], "model.safetensors"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_made_again_from_its_own_recipe_is_the_same()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "first"))).Succeeded();
        (await ToolRun.Of("fit", "--recipe", Path.Combine(folder["first"], "recipe.json"), "--out", folder.Root, "--name", "again", "--quiet")).Succeeded();
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(folder["first"], "model.safetensors"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(Path.Combine(folder["again"], "model.safetensors"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Resuming_with_more_epochs_equals_training_at_once()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "parts", "--set", "training.schedule={\"kind\":\"constant\"}"))).Succeeded();
        ToolRun resumed = (await ToolRun.Of("resume", folder["parts"], "--epochs", "3", "--json", "--quiet")).Succeeded();
        string[] whole = Small.Fit(folder.Root, "--name", "whole", "--set", "training.schedule={\"kind\":\"constant\"}");
        whole[Array.IndexOf(whole, "--epochs") + 1] = "3";
        (await ToolRun.Of(whole)).Succeeded();
        Assert.Equal(3, resumed.Json.GetProperty("epochs").GetDouble());
        foreach (string file in (string[])["model.safetensors", "metrics.jsonl"])
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(folder["whole"], file), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(Path.Combine(folder["parts"], file), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_stopped_run_saves_a_checkpoint_and_goes_on_to_the_same_bytes()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "whole"))).Succeeded();
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        ToolRun stopped = await ToolRun.Of(Small.Fit(folder.Root, "--name", "stopped"), source.Token);
        Assert.Equal(ExitCode.Interrupted, stopped.Code);
        Assert.Contains("elbo resume", stopped.Error, StringComparison.Ordinal);
        (await ToolRun.Of("resume", folder["stopped"], "--quiet")).Succeeded();
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(folder["whole"], "model.safetensors"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(Path.Combine(folder["stopped"], "model.safetensors"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--latent 0", "--latent", "at least 1")]
    [InlineData("--set model.latent=0", "latent", "at least 1")]
    [InlineData("--set model.latnt=3", "'latnt'", "did you mean 'latent'?")]
    [InlineData("--set training.optimizer.learnigRate=3", "did you mean 'learningRate'?")]
    [InlineData("--set training.optimizer.kind=adm", "'adm'", "did you mean 'adam'?")]
    [InlineData("--set data.binarisation=dynamic", "did you mean 'binarization'?")]
    [InlineData("--set trainng.epochs=3", "did you mean 'training'?")]
    [InlineData("--set model.posterior=diagonal-gausian", "did you mean 'diagonal-gaussian'?")]
    [InlineData("--set epochs", "--set", "path")]
    [InlineData("--binarize dynamc", "--binarize", "did you mean 'dynamic'?")]
    [InlineData("--recipe vea", "'vea'", "did you mean 'vae'?")]
    [InlineData("--recipe no/such.json", "no/such.json", "does not exist")]
    [InlineData("--epochs 0", "--epochs", "above 0")]
    [InlineData("--learning-rate fast", "--learning-rate", "a number")]
    [InlineData("--learning-rate nan", "--learning-rate", "above 0")]
    [InlineData("--beta -1", "--beta", "at least 0")]
    [InlineData("--hidden 12,x", "--hidden", "500,200")]
    [InlineData("--name a/b", "'a/b'", "without '/'")]
    [InlineData("--name .a", "'.a'", "not beginning with '.' or '-'")]
    [InlineData("--epoch 3", "'--epoch'", "did you mean '--epochs'?")]
    public async Task A_request_without_sense_is_refused_and_leaves_nothing(string more, params string[] words)
    {
        using TemporaryFolder folder = new();
        string[] few = ["--set", "data.validation=0", "--set", "data.generatedTrainRows=200", "--set", "data.generatedTestRows=60"];
        (await ToolRun.Of(["fit", "digits", "--quiet", "--out", folder["runs"], .. few, .. more.Split(' ')])).Refused(ExitCode.Usage, words);
        Assert.False(Directory.Exists(folder["runs"]) && Directory.EnumerateFileSystemEntries(folder["runs"]).Any());
    }

    [Fact]
    public async Task A_batch_of_more_rows_than_there_are_takes_them_all()
    {
        using TemporaryFolder folder = new();
        string[] fit = Small.Fit(folder.Root, "--name", "run", "--json");
        fit[Array.IndexOf(fit, "--batch-size") + 1] = "1000";
        fit[Array.IndexOf(fit, "--epochs") + 1] = "1";
        ToolRun run = (await ToolRun.Of(fit)).Succeeded();
        Assert.Contains("Note: a batch of 1,000 rows was asked for, and there are 200 training rows", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Json.GetProperty("steps").GetInt64());
        Assert.Equal("Training ended after its 1 epoch.", run.Json.GetProperty("explanation").GetString());
        using JsonDocument recipe = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder["run"], "recipe.json"), TestContext.Current.CancellationToken));
        Assert.Equal(200, recipe.RootElement.GetProperty("training").GetProperty("batchSize").GetInt32());
    }

    [Fact]
    public async Task A_recipe_with_an_unknown_key_gets_the_nearest()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["mine.json"], """{ "model": { "latent": 3, "encoderr": {} } } // mine""", TestContext.Current.CancellationToken);
        (await ToolRun.Of("fit", "--recipe", folder["mine.json"])).Refused(ExitCode.Usage, "mine.json", "'encoderr'", "did you mean 'encoder'?");
        await File.WriteAllTextAsync(folder["mine.json"], """{ "model": { "latent": 3 """, TestContext.Current.CancellationToken);
        (await ToolRun.Of("fit", "--recipe", folder["mine.json"])).Refused(ExitCode.Usage, "mine.json", "JSON");
    }

    [Fact]
    public async Task Values_that_the_likelihood_has_no_density_for_are_refused()
    {
        using TemporaryFolder folder = new();
        float[] values = new float[40 * 9];
        values[5 * 9 + 2] = 300;
        Npy.Save(folder["grey.npy"], NumericArray.From<float>(values, 40, 9));
        (await ToolRun.Of("fit", folder["grey.npy"], "--out", folder["runs"], "--batch-size", "10", "--validation", "0")).Refused(ExitCode.Failure, "300", "row", "Bernoulli", "0 to 1");
        values[5 * 9 + 2] = float.NaN;
        Npy.Save(folder["gap.npy"], NumericArray.From<float>(values, 40, 9));
        (await ToolRun.Of("fit", folder["gap.npy"], "--out", folder["runs"], "--batch-size", "10", "--validation", "0")).Refused(ExitCode.Failure, "NaN");
        (await ToolRun.Of("fit", folder["gap.npy"], "--out", folder["runs"], "--batch-size", "10", "--validation", "0", "--set", "model.likelihood=gaussian")).Refused(ExitCode.Failure, "NaN");
        Assert.False(Directory.Exists(folder["runs"]));
    }

    [Fact]
    public async Task Files_that_are_not_data_are_refused()
    {
        using TemporaryFolder folder = new();
        byte[] objects = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 64, 0, .. System.Text.Encoding.ASCII.GetBytes("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }".PadRight(63) + "\n")];
        await File.WriteAllBytesAsync(folder["objects.npy"], objects, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["short-ubyte"], [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["broken-ubyte.gz"], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["letter.txt"], "hello", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["mislabelled.npy"], "hello", TestContext.Current.CancellationToken);
        foreach (string name in (string[])["objects.npy", "short-ubyte", "broken-ubyte.gz", "letter.txt", "mislabelled.npy", "absent.npy"])
            (await ToolRun.Of("fit", folder[name], "--out", folder["runs"])).Refused(ExitCode.Failure, name);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_and_the_run_stays()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "first"))).Succeeded();
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(folder["first"], "model.safetensors"), TestContext.Current.CancellationToken);
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "first", "--seed", "9"))).Refused(ExitCode.Usage, "first", "exists");
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(folder["first"], "model.safetensors"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_in_use_is_refused()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "first"))).Succeeded();
        using (RunLock.Acquire(folder["first"]))
            (await ToolRun.Of("resume", folder["first"])).Refused(ExitCode.Failure, "in use");
        (await ToolRun.Of("resume", folder["first"], "--quiet")).Succeeded();
    }
}
