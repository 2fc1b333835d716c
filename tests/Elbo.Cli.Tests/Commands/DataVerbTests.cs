using Elbo.Cli.Hosting;
using Elbo.Data;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Commands;

public class DataVerbTests
{
    [Fact]
    public async Task Lists_every_named_set()
    {
        ToolRun table = (await ToolRun.Of("data", "list")).Succeeded();
        ToolRun json = (await ToolRun.Of("data", "list", "--json")).Succeeded();
        Assert.All(NamedSets.All, set => Assert.Contains(set.Name, table.Out, StringComparison.Ordinal));
        Assert.Equal(NamedSets.All.Select(static set => set.Name), json.Json.GetProperty("dataSets").EnumerateArray().Select(static set => set.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Counts_the_rows_of_a_part_of_a_published_set()
    {
        using TemporaryFolder folder = new();
        byte[] Records(int count) => [.. Enumerable.Range(0, count * 3073).Select(static i => (byte)(i % 3073 == 0 ? 1 : 0))];
        Directory.CreateDirectory(folder["cifar-10"]);
        await using (FileStream file = File.Create(folder["cifar-10/cifar-10-binary.tar.gz"]))
        await using (System.IO.Compression.GZipStream packed = new(file, System.IO.Compression.CompressionLevel.Fastest))
        await using (System.Formats.Tar.TarWriter tar = new(packed))
        {
            foreach ((string name, int count) in (ReadOnlySpan<(string, int)>)[("data_batch_1.bin", 7), ("test_batch.bin", 3)])
                tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}") { DataStream = new MemoryStream(Records(count)) });
        }

        System.Text.Json.JsonElement set = (await ToolRun.Of("data", "list", "--json", "--data-dir", folder.Root)).Succeeded().Json.GetProperty("dataSets").EnumerateArray().Single(static set => set.GetProperty("name").GetString() == "cifar-10");
        Assert.Equal((7, 3, false), (set.GetProperty("trainRows").GetInt32(), set.GetProperty("testRows").GetInt32(), set.GetProperty("published").GetBoolean()));
        string line = (await ToolRun.Of("data", "list", "--data-dir", folder.Root)).Succeeded().Out.Split('\n').Single(static line => line.StartsWith("cifar-10", StringComparison.Ordinal));
        Assert.Matches(@"^cifar-10\s+7\s+3\s", line);
    }

    [Fact]
    public async Task Describes_the_rows_of_a_file()
    {
        using TemporaryFolder folder = new();
        Npy.Save(folder["rows.npy"], NumericArray.From<float>([0, 1, 2, 3, 4, 5], 2, 3));
        ToolRun run = (await ToolRun.Of("data", "info", folder["rows.npy"], "--json")).Succeeded();
        System.Text.Json.JsonElement train = run.Json.GetProperty("train");
        Assert.Equal(2, train.GetProperty("rows").GetInt32());
        Assert.Equal(5, train.GetProperty("maximum").GetDouble());
        Assert.Equal(2.5, train.GetProperty("mean").GetDouble());
        Assert.Contains("train rows  2\n", (await ToolRun.Of("data", "info", folder["rows.npy"])).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generated_set_needs_no_download() =>
        Assert.Contains("nothing to download", (await ToolRun.Of("data", "fetch", "digits")).Succeeded().Out, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_no_set_gets_the_nearest() => (await ToolRun.Of("data", "fetch", "mnst")).Refused(ExitCode.Usage, "'mnst'", "did you mean 'mnist'?");

    [Fact]
    public async Task A_file_that_is_not_there_is_named() => (await ToolRun.Of("data", "info", "no/such.npy")).Refused(ExitCode.Failure, "no/such.npy");
}
