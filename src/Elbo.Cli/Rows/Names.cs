using Elbo.Data;

namespace Elbo.Cli.Rows;

/// <summary>Names that are made up.</summary>
internal static class Names
{
    /// <summary>What the names of unnamed runs begin with: <c>gmm-iris</c>.</summary>
    public static string Prefix(string model, string data)
    {
        string text = $"{model}-{(NamedSets.Find(data) is { } set ? set.Name : Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(data)))}";
        return string.Concat(text.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-')).Trim('-');
    }
}
