namespace Elbo.Data;

/// <summary>Where data sets are looked for, in this order: the folder given, the folder that ELBO_DATA names, the user's cache folder.</summary>
public static class DataFolders
{
    /// <summary>The environment variable that names a data folder.</summary>
    public const string Variable = "ELBO_DATA";

    /// <summary>
    /// The user's cache folder, where downloads go: <c>elbo/data</c> under XDG_CACHE_HOME or <c>~/.cache</c>, or under the local
    /// application data on Windows.
    /// </summary>
    public static string Cache
    {
        get
        {
            string root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathFullyQualified(named) ? named
                : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(root, "elbo", "data");
        }
    }

    /// <summary>The folders to look in, in order.</summary>
    /// <param name="given">The folder given on the command line, or null.</param>
    /// <returns>One to three folders, which need not exist.</returns>
    public static IReadOnlyList<string> InOrder(string? given)
    {
        List<string> folders = [];
        if (given is not null) folders.Add(given);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) folders.Add(named);
        folders.Add(Cache);
        return folders;
    }
}
