using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>The front door to data: a name or a path in, rows out.</summary>
public static class DataSource
{
    /// <summary>
    /// Reads a named set that is on this machine or generated, or a file or folder: idx, CIFAR-10 binary or its tar.gz, npy, npz,
    /// CSV, a folder of PNGs or of any of the former's standard files.
    /// </summary>
    /// <param name="source">The name or path. A name wins over a file of that name; write <c>./mnist</c> to mean the file.</param>
    /// <param name="options">How to find and read it; null for the usual.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ElboException">There is no such set, file or folder, the set is not on this machine, or it cannot be read.</exception>
    public static LoadedData Load(string source, DataOptions? options = null)
    {
        options ??= new DataOptions();
        if (NamedSets.Find(source) is { } set)
            return set.IsGenerated ? GeneratedSets.Draw(set, options) : NamedSets.Load(set, DataFolders.InOrder(options.DataFolder));
        if (Directory.Exists(source)) return LoadFolder(source);
        if (File.Exists(source)) return LoadFile(source, options);
        bool looksLikePath = source.Contains('/', StringComparison.Ordinal) || source.Contains('\\', StringComparison.Ordinal) || Path.HasExtension(source);
        if (looksLikePath) throw new ElboException($"'{source}' does not exist; check the path.");
        string known = string.Join(", ", NamedSets.All.Select(static named => named.Name));
        string guess = NearestName.Find(source, NamedSets.All.Select(static named => named.Name)) is { } nearest ? $"did you mean '{nearest}'?" : "name one of them or a path";
        throw new ElboException($"'{source}' is neither a data set known by name ({known}) nor a file or folder; {guess}");
    }

    /// <summary>As <see cref="Load"/>, but downloads a named set first if it is not on this machine.</summary>
    /// <param name="source">The name or path.</param>
    /// <param name="options">How to find and read it; null for the usual.</param>
    /// <param name="downloader">Does the fetching.</param>
    /// <param name="progress">Told of every block; may be null.</param>
    /// <param name="cancellation">Stops the download; what has arrived is kept for the next attempt.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ElboException">As for <see cref="Load"/>, or the set cannot be downloaded.</exception>
    public static async Task<LoadedData> LoadOrFetchAsync(
        string source, DataOptions? options, Downloader downloader, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new DataOptions();
        if (NamedSets.Find(source) is { IsGenerated: false } set && set.Locate(DataFolders.InOrder(options.DataFolder)) is null)
            await NamedSets.FetchAsync(set, options.DataFolder ?? DataFolders.Cache, downloader, progress, cancellation).ConfigureAwait(false);
        return Load(source, options);
    }

    private static LoadedData LoadFile(string path, DataOptions options)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        if (name.EndsWith(".npy", StringComparison.Ordinal)) return new LoadedData(ArrayFiles.LoadNpy(path));
        if (name.EndsWith(".npz", StringComparison.Ordinal)) return ArrayFiles.LoadNpz(path);
        if (name.EndsWith(".csv", StringComparison.Ordinal) || name.EndsWith(".tsv", StringComparison.Ordinal) || name.EndsWith(".csv.gz", StringComparison.Ordinal))
            return new LoadedData(Csv.Load(path, options.Csv));
        if (name.EndsWith(".tar.gz", StringComparison.Ordinal) || name.EndsWith(".tgz", StringComparison.Ordinal) || name.EndsWith(".tar", StringComparison.Ordinal))
            return Cifar.LoadArchive(path);
        if (name.EndsWith(".bin", StringComparison.Ordinal)) return new LoadedData(Cifar.LoadBatch(path));
        if (name.EndsWith(".png", StringComparison.Ordinal))
            throw new ElboException($"'{path}' is one image, and a set of rows was expected; name the folder that holds the images.");
        if (name.Contains("ubyte", StringComparison.Ordinal) || name.EndsWith(".idx", StringComparison.Ordinal) || name.EndsWith(".idx.gz", StringComparison.Ordinal))
            return LoadIdx(path);
        throw new ElboException($"'{path}' is of a kind that Elbo does not read; give an idx (…-ubyte or .idx, also .gz), .npy, .npz, .csv, CIFAR-10 .bin or .tar.gz file, or a folder of .png files.");
    }

    private static LoadedData LoadFolder(string folder)
    {
        string[] names = [.. Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        string? train = Array.Find(names, static name => name.StartsWith("train-images", StringComparison.Ordinal));
        string? test = Array.Find(names, static name => name.StartsWith("t10k-images", StringComparison.Ordinal) || name.StartsWith("test-images", StringComparison.Ordinal));
        if (train is not null)
            return new LoadedData(LoadIdx(Path.Combine(folder, train)).Train, test is null ? null : LoadIdx(Path.Combine(folder, test)).Train);
        return Array.Exists(names, Cifar.IsTrainingBatch) ? Cifar.LoadFolder(folder) : ImageFolder.Load(folder);
    }

    private static LoadedData LoadIdx(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return new LoadedData(IdxPair.FindLabels(path) is { } labels
            ? IdxPair.Load(path, labels).ToDataSet(name, null)
            : ArrayFiles.ToDataSet(Idx.LoadImages(path), name, path));
    }
}
