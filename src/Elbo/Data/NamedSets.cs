using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>The data sets known by name, their files and the hashes by which to know them.</summary>
public static class NamedSets
{
    private static readonly string[] FashionNames = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];
    private static readonly string[] DigitNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    private static readonly string[] MnistHosts = ["https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"];
    private static readonly string[] FashionHosts = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"];
    private static readonly string[] CifarHosts = ["https://www.cs.toronto.edu/~kriz/"];

    /// <summary>Handwritten-style digits, drawn at run time.</summary>
    public static NamedSet Digits { get; } = new("digits", "28×28 handwritten-style strokes, ten classes, drawn at run time from a seed", [1, 28, 28], 20_000, 4_000, []);

    /// <summary>Sprites with known factors, drawn at run time.</summary>
    public static NamedSet Shapes { get; } = new("shapes", "64×64 sprites with five known factors, drawn at run time from a seed", [1, 64, 64], 20_000, 4_000, []);

    /// <summary>MNIST (LeCun, Cortes and Burges).</summary>
    public static NamedSet Mnist { get; } = new("mnist", "28×28 grey handwritten digits, ten classes (LeCun, Cortes and Burges)", [1, 28, 28], 60_000, 10_000,
    [
        File("mnist/train-images-idx3-ubyte.gz", MnistHosts, 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        File("mnist/train-labels-idx1-ubyte.gz", MnistHosts, 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        File("mnist/t10k-images-idx3-ubyte.gz", MnistHosts, 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        File("mnist/t10k-labels-idx1-ubyte.gz", MnistHosts, 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ]);

    /// <summary>Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017).</summary>
    public static NamedSet FashionMnist { get; } = new("fashion-mnist", "28×28 grey pictures of clothes, ten classes (Xiao, Rasul and Vollgraf)", [1, 28, 28], 60_000, 10_000,
    [
        File("fashion-mnist/train-images-idx3-ubyte.gz", FashionHosts, 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        File("fashion-mnist/train-labels-idx1-ubyte.gz", FashionHosts, 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        File("fashion-mnist/t10k-images-idx3-ubyte.gz", FashionHosts, 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        File("fashion-mnist/t10k-labels-idx1-ubyte.gz", FashionHosts, 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ]);

    /// <summary>CIFAR-10 (Krizhevsky, 2009).</summary>
    public static NamedSet Cifar10 { get; } = new("cifar-10", "32×32 colour photographs, ten classes (Krizhevsky)", [3, 32, 32], 50_000, 10_000,
    [
        File("cifar-10/cifar-10-binary.tar.gz", CifarHosts, 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
    ]);

    /// <summary>All of them, the generated ones first.</summary>
    public static IReadOnlyList<NamedSet> All { get; } = [Digits, Shapes, Mnist, FashionMnist, Cifar10];

    /// <summary>The set of a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The set, or null where there is none of that name.</returns>
    public static NamedSet? Find(string name) => All.FirstOrDefault(set => set.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Downloads the files of a set that are not yet in a folder.</summary>
    /// <param name="set">The set.</param>
    /// <param name="folder">The data folder to fill; see <see cref="DataFolders.Cache"/>.</param>
    /// <param name="downloader">Does the fetching.</param>
    /// <param name="progress">Told of every block; may be null.</param>
    /// <param name="cancellation">Stops the download; what has arrived is kept for the next attempt.</param>
    /// <returns>A task that ends when every file is there.</returns>
    /// <exception cref="ElboException">A file cannot be downloaded.</exception>
    public static async Task FetchAsync(NamedSet set, string folder, Downloader downloader, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        foreach (RemoteFile file in set.Files)
        {
            NamedSet alone = set with { Files = [file] };
            if (alone.Locate([folder]) is null) await downloader.FetchAsync(file, folder, progress, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a published set from files already on this machine.</summary>
    /// <param name="set">A set that is not generated.</param>
    /// <param name="folders">The data folders to look in, in order.</param>
    /// <returns>The training and test rows, and whether they are the published ones.</returns>
    /// <exception cref="ElboException">No folder has all its files, or one is damaged.</exception>
    public static LoadedData Load(NamedSet set, IReadOnlyList<string> folders)
    {
        IReadOnlyList<string> paths = set.Locate(folders)
            ?? throw new ElboException($"The data set '{set.Name}' is not on this machine (looked for {set.Files[0].Path} and its siblings in {string.Join(", ", folders.Select(static folder => $"'{folder}'"))}); run 'elbo data fetch {set.Name}', or name its folder with --data-dir.");
        if (set == Cifar10) return LoadCifar(set, paths[0]);
        string[] labelNames = set == FashionMnist ? FashionNames : DigitNames;
        IdxPair train = IdxPair.Load(paths[0], paths[1]);
        IdxPair test = IdxPair.Load(paths[2], paths[3]);
        bool verified = train.IsPublished(set.Files[0], set.Files[1]) && test.IsPublished(set.Files[2], set.Files[3]);
        return new LoadedData(train.ToDataSet(set.Name, labelNames), test.ToDataSet(set.Name + " test", labelNames), verified);
    }

    private static LoadedData LoadCifar(NamedSet set, string path)
    {
        LoadedData data = Cifar.LoadArchive(path);
        return data with { Verified = IdxPair.HashOf(path) == set.Files[0].Sha256 };
    }

    private static RemoteFile File(string path, string[] hosts, long length, string hash, string? contentHash = null) =>
        new(path, [.. hosts.Select(host => new Uri(host + Path.GetFileName(path)))], length, hash, contentHash);
}
