using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public class ImageFolderTests
{
    [Fact]
    public void Sub_folders_name_the_labels()
    {
        using TemporaryFolder folder = new();
        folder.Write("dog/2.png", Grey(2, 3, 5));
        folder.Write("dog/1.PNG", Grey(2, 3, 4));
        folder.Write("cat/9.png", Grey(2, 3, 7));
        folder.Write("empty/readme.txt", "no image"u8);
        DataSet data = ImageFolder.Load(folder.FullName).Train;
        Assert.Equal([1, 3, 2], data.RowShape.ToArray());
        Assert.Equal(["cat", "dog"], data.LabelNames);
        Assert.Equal([0, 1, 1], data.Labels.ToArray());
        Assert.Equal([7, 4, 5], new[] { data.Bytes[0], data.Bytes[6], data.Bytes[12] });
    }

    [Fact]
    public void Colour_comes_as_planes_and_alpha_is_dropped()
    {
        using TemporaryFolder folder = new();
        folder.Write("a.png", Png.Encode(new PixelImage(2, 1, 3, [1, 2, 3, 4, 5, 6])));
        folder.Write("b.png", PngTests.Make(2, 1, 8, 6, [0, 1, 2, 3, 0, 4, 5, 6, 255]));
        DataSet data = ImageFolder.Load(folder.FullName).Train;
        Assert.False(data.HasLabels);
        Assert.Equal([1, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6], data.Bytes.ToArray());
    }

    [Fact]
    public void Folders_named_train_and_test_are_the_split()
    {
        using TemporaryFolder folder = new();
        folder.Write("train/a/1.png", Grey(1, 1, 1));
        folder.Write("train/b/1.png", Grey(1, 1, 2));
        folder.Write("test/a/1.png", Grey(1, 1, 3));
        folder.Write("test/b/1.png", Grey(1, 1, 4));
        LoadedData data = ImageFolder.Load(folder.FullName);
        Assert.Equal([1, 2], data.Train.Bytes.ToArray());
        Assert.Equal([3, 4], data.Test!.Bytes.ToArray());
    }

    [Fact]
    public void The_offending_file_is_named()
    {
        using TemporaryFolder folder = new();
        string first = folder.Write("1.png", Grey(28, 28, 0));
        string other = folder.Write("2.png", Grey(28, 27, 0));
        Assert.Equal($"'{other}' is a grey PNG of 28×27 pixels, and the first, '{first}', is a grey one of 28×28; make all images alike.", Refusal(folder.FullName));
        byte[] corrupt = Grey(28, 28, 0);
        corrupt[45] ^= 1;
        folder.Write("2.png", corrupt);
        Assert.StartsWith($"'{other}' is broken: its chunk 'IDAT'", Refusal(folder.FullName), StringComparison.Ordinal);
        folder.Write("2.png", Png.Encode(new PixelImage(28, 28, 3, new byte[28 * 28 * 3])));
        Assert.StartsWith($"'{other}' is a colour PNG of 28×28 pixels", Refusal(folder.FullName), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_PNG_and_a_mixed_one_are_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("holds no PNG", Refusal(folder.FullName), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(folder["no"]), StringComparison.Ordinal);
        folder.Write("1.png", Grey(1, 1, 0));
        folder.Write("a/1.png", Grey(1, 1, 0));
        Assert.Contains("both of its own and in sub-folders", Refusal(folder.FullName), StringComparison.Ordinal);
    }

    private static byte[] Grey(int width, int height, byte value)
    {
        byte[] samples = new byte[width * height];
        samples.AsSpan().Fill(value);
        return Png.Encode(new PixelImage(width, height, 1, samples));
    }

    private static string Refusal(string folder) => Assert.Throws<ElboException>(() => ImageFolder.Load(folder)).Message;
}
