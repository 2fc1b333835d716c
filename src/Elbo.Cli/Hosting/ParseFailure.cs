using System.CommandLine;
using System.CommandLine.Parsing;
using Elbo.Storage;

namespace Elbo.Cli.Hosting;

/// <summary>Says in one sentence what is wrong with a command line.</summary>
internal static class ParseFailure
{
    /// <summary>The sentence, or null where all is well.</summary>
    public static string? Describe(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        if (parse.Action is HelpWithExamples)
        {
            // Help was asked for, but of a verb that does not exist.
            return command.Subcommands.Count > 0 && parse.UnmatchedTokens.Count > 0 ? Unmatched(parse.UnmatchedTokens[0], command) : null;
        }

        if (OptionTakenForArgument(parse.CommandResult) is { } mistaken) return Unmatched(mistaken, command);
        if (Empty(parse.CommandResult) is { } empty) return $"{empty} must not be empty; see '{FullName(command)} --help'.";
        if (parse.Errors.Count == 0) return null;
        // A word that fits nowhere explains the other errors, such as an argument that seems to be missing.
        if (parse.UnmatchedTokens.Count > 0) return Unmatched(parse.UnmatchedTokens[0], command, parse.CommandResult.Children.OfType<ArgumentResult>().FirstOrDefault(static argument => argument.Tokens.Count > 0)?.Tokens[0].Value);
        ParseError first = parse.Errors[0];
        if (first.SymbolResult is CommandResult && command.Subcommands.Count > 0 && parse.CommandResult.Tokens.Count == 0)
            return $"'{FullName(command)}' needs one of {string.Join(", ", command.Subcommands.Select(verb => verb.Name))} after it; see '{FullName(command)} --help'.";
        if (first.SymbolResult is ArgumentResult { Argument: var missing } result && result.Parent is CommandResult && result.Tokens.Count < missing.Arity.MinimumNumberOfValues)
        {
            if (GivenBefore(parse.CommandResult) is { } early) return $"'{early}' stands before '{command.Name}'; put it after, as in '{FullName(command)} {early}'.";
            return $"'{FullName(command)}' needs <{missing.Name}>{Lower(missing.Description)}; see '{FullName(command)} --help'.";
        }

        if (Option(first.SymbolResult) is { } given)
        {
            string name = given.IdentifierToken?.Value ?? given.Option.Name;
            if (given.Tokens.Count == 0 && given.IdentifierToken is null) return $"'{FullName(command)}' needs {name} <{given.Option.HelpName ?? "value"}>{Lower(given.Option.Description)}; see '{FullName(command)} --help'.";
            if (given.Tokens.Count == 0) return $"{name} needs a value after it; see '{FullName(command)} --help'.";
            if (Expected(given.Option.ValueType) is { } expected && first.Message.StartsWith("Cannot parse", StringComparison.Ordinal))
                return $"{name} needs {expected}, but '{given.Tokens[^1].Value}' was given.";
        }

        return first.Message;
    }

    /// <summary>The argument that stands before the verb's name, where there is one.</summary>
    public static string? GivenBefore(CommandResult result) =>
        (result.Parent as CommandResult)?.Children.OfType<ArgumentResult>().FirstOrDefault(static argument => argument.Tokens.Count > 0)?.Tokens[0].Value;

    /// <summary>A misspelt option is taken for an argument where one is open. A file whose name begins with a dash can be given as <c>./-x.npy</c>.</summary>
    private static string? OptionTakenForArgument(CommandResult result) =>
        result.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens)
            .FirstOrDefault(static token => token.Value.Length > 1 && token.Value[0] == '-')?.Value;

    /// <summary>What an empty word was given for, which is most often a variable of a script that is not set; null where none was.</summary>
    private static string? Empty(CommandResult result) => result.Children.Select(static child => child switch
    {
        ArgumentResult argument when argument.Tokens.Any(IsBlank) => $"<{argument.Argument.Name}>",
        OptionResult option when option.Tokens.Any(IsBlank) => option.Option.Name,
        _ => null,
    }).FirstOrDefault(static name => name is not null);

    private static bool IsBlank(Token token) => string.IsNullOrWhiteSpace(token.Value);

    private static string Unmatched(string token, Command command, string? first = null)
    {
        if (token.StartsWith('-'))
        {
            string[] options = [.. Known(command)];
            return $"'{token}' is not an option of '{FullName(command)}'{NearestName.Suggestion(token, options)}";
        }

        if (command.Subcommands.Count == 0) return $"'{token}' is one argument more than '{FullName(command)}' takes; see '{FullName(command)} --help'.";
        // Two words after 'fit' are a family and its data, so the first is a family's name misspelt.
        if (first is not null) return $"'{first}' is not a family of models{NearestName.Suggestion(first, [.. command.Subcommands.Select(verb => verb.Name)])}";
        return $"'{token}' is not a verb of '{FullName(command)}'{NearestName.Suggestion(token, [.. command.Subcommands.Select(verb => verb.Name)])}";
    }

    private static IEnumerable<string> Known(Command command)
    {
        foreach (Option option in command.Options)
        {
            if (option.Hidden) continue;
            yield return option.Name;
        }
    }

    private static OptionResult? Option(SymbolResult? result) => result as OptionResult ?? result?.Parent as OptionResult;

    private static string FullName(Command command) =>
        command.Parents.FirstOrDefault() is not Command parent ? command.Name : $"{FullName(parent)} {command.Name}";

    private static string Lower(string? description) =>
        string.IsNullOrEmpty(description) ? "" : $" ({char.ToLowerInvariant(description[0])}{description[1..].Split('.')[0]})";

    private static string? Expected(Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(int) || bare == typeof(long) ? "a whole number"
            : bare == typeof(ulong) ? "a whole number of at least 0"
            : bare == typeof(double) ? "a number"
            : null;
    }
}
