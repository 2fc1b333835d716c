namespace Elbo.Data;

/// <summary>A data set known by name.</summary>
/// <param name="Name">The name, as given on the command line.</param>
/// <param name="Description">One line about it.</param>
/// <param name="RowShape">The shape of a row, <c>[channels, height, width]</c>.</param>
/// <param name="TrainRows">The number of training rows as published.</param>
/// <param name="TestRows">The number of test rows as published.</param>
/// <param name="Files">Its files; none for a set that is generated.</param>
public sealed record NamedSet(string Name, string Description, IReadOnlyList<int> RowShape, int TrainRows, int TestRows, IReadOnlyList<RemoteFile> Files)
{
    /// <summary>Whether the set is drawn at run time, with nothing to download.</summary>
    public bool IsGenerated => Files.Count == 0;

    /// <summary>Where each file is, if one folder has them all; a gzip file may lie there unpacked, without ".gz".</summary>
    /// <param name="folders">The folders to look in, in order.</param>
    /// <returns>One path per file, or null where no folder has them all.</returns>
    public IReadOnlyList<string>? Locate(IReadOnlyList<string> folders)
    {
        foreach (string folder in folders)
        {
            string[] paths = [.. Files.Select(file => Candidates(folder, file).FirstOrDefault(File.Exists, ""))];
            if (paths.All(static path => path.Length > 0)) return paths;
        }

        return null;
    }

    private static IEnumerable<string> Candidates(string folder, RemoteFile file)
    {
        string path = Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));
        yield return path;
        if (path.EndsWith(".gz", StringComparison.Ordinal)) yield return path[..^3];
    }
}
