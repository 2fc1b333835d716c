using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>A folder of PNGs of one size; sub-folders, where there are any, name the labels.</summary>
public static class ImageFolder
{
    /// <summary>
    /// Reads every PNG of a folder, or of its sub-folders with their names as labels, in the order of the names. Sub-folders
    /// named <c>train</c> and <c>test</c> are the split instead.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Rows of shape <c>[1 or 3, height, width]</c>; an alpha channel is dropped.</returns>
    /// <exception cref="ElboException">There is no PNG, or one is corrupt or of another size or colour than the first; the sentence names it.</exception>
    public static LoadedData Load(string folder) => FileFailure.Guard(folder, () =>
    {
        string train = Path.Combine(folder, "train");
        string test = Path.Combine(folder, "test");
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (!Directory.Exists(train) || !Directory.Exists(test)) return new LoadedData(LoadRows(folder, name));
        DataSet trainRows = LoadRows(train, name);
        DataSet testRows = LoadRows(test, name + " test");
        if (!trainRows.RowShape.SequenceEqual(testRows.RowShape) || !trainRows.LabelNames.SequenceEqual(testRows.LabelNames))
            throw FileFailure.Mismatch(folder, "has training and test images of different size, colour or sub-folders", "make the two alike");
        return new LoadedData(trainRows, testRows);
    });

    private static DataSet LoadRows(string folder, string name)
    {
        string[] classFolders = [.. Directory.GetDirectories(folder).Where(static path => Images(path).Length > 0).Order(StringComparer.Ordinal)];
        string[] own = Images(folder);
        if (own.Length > 0 && classFolders.Length > 0)
            throw FileFailure.Mismatch(folder, "has PNGs both of its own and in sub-folders", "put all images in sub-folders named by label, or none");
        (string Path, int Label)[] files = own.Length > 0
            ? [.. own.Select(static path => (path, 0))]
            : [.. classFolders.SelectMany(static (path, label) => Images(path).Select(image => (image, label)))];
        if (files.Length == 0)
            throw FileFailure.Mismatch(folder, "holds no PNG, neither itself nor in its sub-folders", "name a folder of .png files");
        byte[] pixels = [];
        int[] shape = [];
        for (int i = 0; i < files.Length; i++)
        {
            PixelImage image = Png.Load(files[i].Path);
            int channels = image.Channels is 1 or 2 ? 1 : 3;
            if (i == 0)
            {
                shape = [channels, image.Height, image.Width];
                if ((long)channels * image.Height * image.Width * files.Length > Array.MaxLength)
                    throw FileFailure.Mismatch(folder, $"holds {files.Length} images of {image.Width}×{image.Height}, more than the 2 GiB one data set can take", "use fewer or smaller images");
                pixels = new byte[files.Length * channels * image.Height * image.Width];
            }
            else if (!shape.AsSpan().SequenceEqual([channels, image.Height, image.Width]))
            {
                throw FileFailure.Mismatch(files[i].Path, $"is a {Describe(channels)} PNG of {image.Width}×{image.Height} pixels, and the first, '{files[0].Path}', is a {Describe(shape[0])} one of {shape[2]}×{shape[1]}", "make all images alike");
            }

            Spread(image, channels, pixels.AsSpan(i * channels * image.Height * image.Width));
        }

        return DataSet.FromBytes(name, pixels, shape, own.Length > 0 ? null : [.. files.Select(static file => file.Label)], [.. classFolders.Select(static path => Path.GetFileName(path))]);
    }

    private static void Spread(PixelImage image, int channels, Span<byte> planes)
    {
        int count = image.Width * image.Height;
        for (int channel = 0; channel < channels; channel++)
            for (int pixel = 0; pixel < count; pixel++)
                planes[channel * count + pixel] = image.Samples[pixel * image.Channels + channel];
    }

    private static string Describe(int channels) => channels == 1 ? "grey" : "colour";

    private static string[] Images(string folder) =>
        [.. Directory.GetFiles(folder).Where(static path => path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
}
