using System.CommandLine;
using System.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Commands;

/// <summary>The options that mean the same in every verb.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON." };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print no progress." };

    public static Option<ulong?> Seed(string what) => new("--seed") { Description = what, HelpName = "n" };

    public static Option<int?> Threads() =>
        new Option<int?>("--threads", "-t") { Description = "How many threads to use. Results never depend on it. [default: one per processor]", HelpName = "n" }.Within(1, 1024);

    public static Option<string?> DataFolder() =>
        new("--data-dir") { Description = "The folder to look in first for named data sets, before ELBO_DATA and the cache.", HelpName = "folder" };

    /// <summary>Refuses words that are not one of some names, with the nearest.</summary>
    public static Option<T> OneOf<T>(this Option<T> option, params string[] names)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !names.Contains(result.Tokens[^1].Value))
                result.AddError($"{result.Option.Name} cannot be '{result.Tokens[^1].Value}'{NearestName.Suggestion(result.Tokens[^1].Value, names)}");
        });
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>Refuses numbers outside a range, with the range.</summary>
    public static Option<T?> Within<T>(this Option<T?> option, T least, T? most = null, bool exclusive = false)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0 || !T.TryParse(result.Tokens[^1].Value, System.Globalization.CultureInfo.InvariantCulture, out T value)) return;
            bool fits = (exclusive ? value > least : value >= least) && (most is null || value <= most) && T.IsFinite(value);
            if (fits) return;
            string range = most is null ? exclusive ? $"above {least}" : $"at least {least}" : exclusive ? $"above {least} and at most {most}" : $"from {least} to {most}";
            result.AddError($"{result.Option.Name} must be {range}, but it is {result.Tokens[^1].Value}.");
        });
        return option;
    }
}
