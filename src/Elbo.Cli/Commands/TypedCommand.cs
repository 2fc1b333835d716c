using System.CommandLine;
using System.CommandLine.Parsing;

namespace Elbo.Cli.Commands;

/// <summary>What was typed, to be typed again.</summary>
internal static class TypedCommand
{
    /// <summary>The command line without what only changes the output.</summary>
    public static string Of(ParseResult parse) =>
        string.Join(' ', parse.Tokens.Where(static token => token.Value is not ("--json" or "--quiet" or "-q")).Select(static token => Quoted(token.Value)).Prepend(Root.Name));

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(static letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,+@%".Contains(letter, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
