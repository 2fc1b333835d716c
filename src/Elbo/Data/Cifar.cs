using System.Text;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>
/// The binary form of CIFAR-10: records of a label byte and 3,072 bytes of a 32×32 image, red plane first; alone, in a folder, or
/// in the official tar.gz.
/// </summary>
public static class Cifar
{
    private const int Pixels = 3 * 32 * 32;
    private const int Record = 1 + Pixels;
    private const int Classes = 10;

    /// <summary>Far above the official 30,730,000 bytes of a batch.</summary>
    private const long MostBatchBytes = 1L << 29;

    private static readonly int[] RowShape = [3, 32, 32];
    private static readonly string[] Names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads one batch.</summary>
    /// <param name="path">A file of whole records.</param>
    /// <returns>Rows of shape <c>[3, 32, 32]</c> with labels.</returns>
    /// <exception cref="ElboException">The file is missing, is not whole records, or has a label above 9.</exception>
    public static DataSet LoadBatch(string path) => FileFailure.Guard(path, () =>
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return Join(Path.GetFileNameWithoutExtension(path), [new Batch(path, StreamReading.ReadExactly(stream, stream.Length, path))], null);
    });

    /// <summary>Reads the archive: the training batches in the order of their names, and the test batch.</summary>
    /// <param name="path">The tar, plain or in gzip.</param>
    /// <returns>The training rows and, where the archive has it, the test rows.</returns>
    /// <exception cref="ElboException">The file is missing, truncated, broken, or has no training batch.</exception>
    public static LoadedData LoadArchive(string path) => FileFailure.Guard(path, () =>
    {
        using Stream stream = CompressedFile.Open(path);
        return ReadArchive(stream, path);
    });

    /// <summary>Reads a folder with the archive's unpacked files.</summary>
    /// <param name="folder">The folder that holds <c>data_batch_1.bin</c> and its siblings.</param>
    /// <returns>The training rows and, where it is there, the test rows.</returns>
    /// <exception cref="ElboException">A file cannot be read, or there is no training batch.</exception>
    public static LoadedData LoadFolder(string folder) => FileFailure.Guard(folder, () =>
    {
        List<Batch> batches = [];
        foreach (string path in Directory.GetFiles(folder))
        {
            if (!IsPart(path)) continue;
            using FileStream stream = StreamReading.OpenRead(path);
            batches.Add(new Batch(path, StreamReading.ReadExactly(stream, stream.Length, path)));
        }

        return Assemble(batches, folder);
    });

    internal static LoadedData ReadArchive(Stream stream, string name) => FileFailure.Guard(name, () => ReadArchiveCore(stream, name));

    private static LoadedData ReadArchiveCore(Stream stream, string name)
    {
        TarArchive archive = new(stream, name);
        List<Batch> batches = [];
        while (archive.Next(IsPart, MostBatchBytes) is { } entry) batches.Add(new Batch(entry.Name, entry.Content));
        // Reads on, so that a gzip stream checks its trailer.
        Span<byte> rest = stackalloc byte[512];
        while (stream.Read(rest) != 0)
        {
        }

        return Assemble(batches, name);
    }

    internal static bool IsTrainingBatch(string path) =>
        Path.GetFileName(path).StartsWith("data_batch", StringComparison.Ordinal) && path.EndsWith(".bin", StringComparison.Ordinal);

    private static bool IsPart(string path) => IsTrainingBatch(path) || Path.GetFileName(path) is "test_batch.bin" or "batches.meta.txt";

    private static LoadedData Assemble(List<Batch> batches, string name)
    {
        Batch[] train = [.. batches.Where(static batch => IsTrainingBatch(batch.Name)).OrderBy(static batch => batch.Name, StringComparer.Ordinal)];
        if (train.Length == 0)
            throw FileFailure.Mismatch(name, "holds no file named data_batch_*.bin", "use the binary version of CIFAR-10");
        Batch[] test = [.. batches.Where(static batch => Path.GetFileName(batch.Name) == "test_batch.bin").Take(1)];
        string[]? labelNames = null;
        foreach (Batch batch in batches)
            if (Path.GetFileName(batch.Name) == "batches.meta.txt") labelNames = ParseNames(batch.Content);
        return new LoadedData(Join("cifar-10", train, labelNames), test.Length == 0 ? null : Join("cifar-10 test", test, labelNames));
    }

    private static string[]? ParseNames(byte[] content)
    {
        string[] names = Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length == Classes ? names : null;
    }

    private static DataSet Join(string name, Batch[] batches, string[]? labelNames)
    {
        long records = 0;
        foreach (Batch batch in batches)
        {
            if (batch.Content.Length == 0 || batch.Content.Length % Record != 0)
                throw FileFailure.Mismatch(batch.Name, $"has {batch.Content.Length} bytes, and whole CIFAR-10 records of {Record} bytes were expected", "check that it is the right file, or download it again");
            records += batch.Content.Length / Record;
        }

        if (records * Pixels > Array.MaxLength) throw FileFailure.Mismatch(batches[0].Name, $"and its siblings hold {records} images, more than the 2 GiB one data set can take", "use fewer");
        byte[] images = new byte[records * Pixels];
        int[] labels = new int[records];
        int row = 0;
        foreach (Batch batch in batches)
        {
            for (int start = 0; start < batch.Content.Length; start += Record, row++)
            {
                labels[row] = batch.Content[start];
                if (labels[row] >= Classes)
                    throw FileFailure.Mismatch(batch.Name, $"has the label {labels[row]} in record {start / Record}, and 0 to {Classes - 1} were expected", "use the binary version of CIFAR-10, or download it again");
                batch.Content.AsSpan(start + 1, Pixels).CopyTo(images.AsSpan(row * Pixels));
            }
        }

        return DataSet.FromBytes(name, images, RowShape, labels, labelNames ?? Names);
    }

    private readonly record struct Batch(string Name, byte[] Content);
}
