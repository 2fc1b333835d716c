using System.Text;
using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public class DataSourceTests
{
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    [Fact]
    public void Reads_the_shared_MNIST_and_knows_it()
    {
        string root = SharedData.Require("mnist/train-images-idx3-ubyte.gz");
        LoadedData data = DataSource.Load("MNIST", new DataOptions { DataFolder = root });
        Assert.True(data.Verified);
        Assert.Equal((60_000, 10_000), (data.Train.Rows, data.Test!.Rows));
        Assert.Equal([1, 28, 28], data.Train.RowShape.ToArray());
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], data.Train.Labels[..10].ToArray());
        Assert.Equal(0.1306604762738429, data.Train.Mean().Average(), 1e-12);
    }

    [Fact]
    public void A_copy_of_other_content_is_used_and_told()
    {
        using TemporaryFolder folder = new();
        WriteMnist(folder);
        LoadedData data = DataSource.Load("mnist", new DataOptions { DataFolder = folder.FullName });
        Assert.False(data.Verified);
        Assert.Equal([7, 9], data.Test!.Labels.ToArray());
    }

    [Fact]
    public void Unpacked_files_serve_as_well()
    {
        using TemporaryFolder folder = new();
        WriteMnist(folder);
        folder.Write("mnist/train-images-idx3-ubyte", Images);
        File.Delete(folder["mnist/train-images-idx3-ubyte.gz"]);
        Assert.Equal(2, DataSource.Load("mnist", new DataOptions { DataFolder = folder.FullName }).Train.Rows);
    }

    [Fact]
    public void Labels_that_do_not_match_the_images_are_named()
    {
        using TemporaryFolder folder = new();
        WriteMnist(folder);
        string path = folder.Write("mnist/train-labels-idx1-ubyte.gz", IdxTests.Gzip([0, 0, 8, 1, 0, 0, 0, 1, 7]));
        Assert.StartsWith($"'{path}' has 1 labels for the 2 images of '", Refusal("mnist", folder.FullName), StringComparison.Ordinal);
        folder.Write("mnist/train-labels-idx1-ubyte.gz", IdxTests.Gzip(Images));
        Assert.StartsWith($"'{path}' holds images (bytes of 3 dimensions), and labels", Refusal("mnist", folder.FullName), StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_is_nowhere_says_where_it_was_looked_for_and_what_to_do()
    {
        NamedSet set = NamedSets.FashionMnist;
        string message = Assert.Throws<ElboException>(() => NamedSets.Load(set, ["nowhere", "elsewhere"])).Message;
        Assert.Equal("The data set 'fashion-mnist' is not on this machine (looked for fashion-mnist/train-images-idx3-ubyte.gz and its siblings in 'nowhere', 'elsewhere'); run 'elbo data fetch fashion-mnist', or name its folder with --data-dir.", message);
    }

    [Theory]
    [InlineData("mnits", "did you mean 'mnist'?")]
    [InlineData("Digit", "did you mean 'digits'?")]
    [InlineData("cifar10", "did you mean 'cifar-10'?")]
    [InlineData("imagenet", "name one of them or a path")]
    public void An_unknown_name_gets_the_nearest_one(string given, string expected)
    {
        string message = Refusal(given, null);
        Assert.Contains("neither a data set known by name (digits, shapes, mnist, fashion-mnist, cifar-10) nor a file or folder", message, StringComparison.Ordinal);
        Assert.EndsWith(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_and_folders_are_told_apart_by_name()
    {
        using TemporaryFolder folder = new();
        Npy.Save(folder["a.npy"], new NumericArray(NumericType.UInt8, 5, 4, 4));
        Npz.Save(folder["a.npz"], [new("X", NumericArray.From<float>([1, 2], 2, 1))]);
        folder.Write("a.csv", "1,2\n3,4\n5,6"u8);
        folder.Write("set/train-images-idx3-ubyte.gz", IdxTests.Gzip(Images));
        folder.Write("set/train-labels-idx1-ubyte", Labels);
        folder.Write("png/a/1.png", Png.Encode(new PixelImage(1, 1, 1, [5])));
        folder.Write("one.png", Png.Encode(new PixelImage(1, 1, 1, [5])));
        folder.Write("a.xlsx", [1]);
        Assert.Equal(5, DataSource.Load(folder["a.npy"]).Train.Rows);
        Assert.Equal(2, DataSource.Load(folder["a.npz"]).Train.Rows);
        Assert.Equal(3, DataSource.Load(folder["a.csv"]).Train.Rows);
        Assert.Equal([7, 9], DataSource.Load(folder["set"]).Train.Labels.ToArray());
        Assert.Equal([7, 9], DataSource.Load(folder["set/train-images-idx3-ubyte.gz"]).Train.Labels.ToArray());
        Assert.Equal(["a"], DataSource.Load(folder["png"]).Train.LabelNames);
        Assert.Contains("holds labels", Refusal(folder["set/train-labels-idx1-ubyte"], null), StringComparison.Ordinal);
        Assert.Contains("is one image", Refusal(folder["one.png"], null), StringComparison.Ordinal);
        Assert.Contains("is of a kind that Elbo does not read", Refusal(folder["a.xlsx"], null), StringComparison.Ordinal);
        Assert.Equal($"'{folder["no.npy"]}' does not exist; check the path.", Refusal(folder["no.npy"], null));
    }

    [Fact]
    public void A_pipe_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows a pipe as a file of the process.");
        using System.IO.Pipes.AnonymousPipeServerStream pipe = new(System.IO.Pipes.PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        pipe.Write(Images);
        Assert.Contains("is not a regular file", Assert.Throws<ElboException>(() => Idx.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_are_disjoint_complete_and_repeatable()
    {
        DataSet rows = DataSet.FromFloats("x", [.. Enumerable.Range(0, 100).Select(static i => (float)i)], [1]);
        DataSplits splits = DataSplits.Make(new LoadedData(rows), "x.csv", new SplitOptions { ValidationRows = 15, Seed = 8 });
        Assert.Equal((75, 15, 10), (splits.Train.Rows, splits.Validation!.Rows, splits.Test!.Rows));
        float[] all = [.. splits.Train.Floats, .. splits.Validation.Floats, .. splits.Test.Floats];
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => (float)i), all.Order());
        Assert.Equal(splits.Train.Floats.ToArray().Order(), splits.Train.Floats.ToArray());
        Assert.Equal(splits.Record, DataSplits.Make(new LoadedData(rows), "x.csv", new SplitOptions { ValidationRows = 15, Seed = 8 }).Record);
        Assert.NotEqual(splits.Record, DataSplits.Make(new LoadedData(rows), "x.csv", new SplitOptions { ValidationRows = 15, Seed = 9 }).Record);
    }

    [Fact]
    public void The_sources_own_test_rows_stay_the_test_rows()
    {
        DataSet rows = DataSet.FromFloats("x", [1, 2, 3], [1]);
        DataSet test = DataSet.FromFloats("x", [4], [1]);
        DataSplits splits = DataSplits.Make(new LoadedData(rows, test), "x");
        Assert.Same(rows, splits.Train);
        Assert.Same(test, splits.Test);
        Assert.Null(splits.Validation);
        Assert.Contains("leave none to train on", Assert.Throws<ElboException>(() => DataSplits.Make(new LoadedData(rows, test), "x", new SplitOptions { ValidationRows = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_survives_JSON_and_knows_changed_data()
    {
        DataSet rows = DataSet.FromFloats("x", [1, 2, 3, 4], [1]);
        SplitRecord record = DataSplits.Make(new LoadedData(rows), "x", new SplitOptions { TestRows = 1 }).Record;
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream)) record.Write(writer);
        SplitRecord back = SplitRecord.Read(JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement, "run.json");
        Assert.Equal(record, back);
        back.RequireSame(record with { Source = "elsewhere" });
        Assert.Contains("9 training rows are there, and 3 were recorded", Assert.Throws<ElboException>(() => back.RequireSame(record with { TrainRows = 9 })).Message, StringComparison.Ordinal);
        Assert.Contains("the content of the test rows is not what was recorded", Assert.Throws<ElboException>(() => back.RequireSame(record with { TestFingerprint = "0" })).Message, StringComparison.Ordinal);
        Assert.Contains("'run.json' is broken", Assert.Throws<ElboException>(() => SplitRecord.Read(JsonDocument.Parse("{}").RootElement, "run.json")).Message, StringComparison.Ordinal);
        Assert.Contains("'run.json' is broken", Assert.Throws<ElboException>(() => SplitRecord.Read(JsonDocument.Parse("[1]").RootElement, "run.json")).Message, StringComparison.Ordinal);
    }

    private static void WriteMnist(TemporaryFolder folder)
    {
        foreach (string part in (string[])["train", "t10k"])
        {
            folder.Write($"mnist/{part}-images-idx3-ubyte.gz", IdxTests.Gzip(Images));
            folder.Write($"mnist/{part}-labels-idx1-ubyte.gz", IdxTests.Gzip(Labels));
        }
    }

    private static string Refusal(string source, string? folder) =>
        Assert.Throws<ElboException>(() => DataSource.Load(source, new DataOptions { DataFolder = folder })).Message;
}
