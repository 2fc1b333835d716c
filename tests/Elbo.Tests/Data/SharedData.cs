namespace Elbo.Tests.Data;

/// <summary>The public data sets for tests: under ELBO_DATA, or in shared/data beside a folder above the tests.</summary>
internal static class SharedData
{
    public static string Require(string relativePath)
    {
        foreach (string folder in Candidates())
            if (File.Exists(Path.Combine(folder, relativePath))) return folder;
        Assert.Skip($"'{relativePath}' is neither under ELBO_DATA nor in a shared/data folder beside the checkout.");
        return "";
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("ELBO_DATA") is { Length: > 0 } named) yield return named;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared", "data");
    }
}
