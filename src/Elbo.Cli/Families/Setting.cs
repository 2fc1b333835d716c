using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Elbo.Cli.Hosting;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary>One choice of a family: an option on the command line, a key in the recipe, a line in the report, declared once.</summary>
internal abstract class Setting
{
    protected Setting(string name, Option option)
    {
        Key = string.Concat(name.Split('-').Select(static (word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
        Option = option;
    }

    /// <summary>The key in a recipe: <c>maxIterations</c>.</summary>
    public string Key { get; }

    /// <summary>The option: <c>--max-iterations</c>.</summary>
    public Option Option { get; }

    /// <summary>What was typed; null where nothing was.</summary>
    public abstract string? Typed(ParseResult parse);

    /// <summary>What is wrong with a value, as the end of a sentence; null where nothing is.</summary>
    public abstract string? Problem(string text);

    /// <summary>A value as a recipe has it.</summary>
    public virtual JsonNode ToJson(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonNode.Parse(JsonNumber(text))! : JsonValue.Create(text)!;

    private static string JsonNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole.ToString(CultureInfo.InvariantCulture)
        : double.Parse(text, CultureInfo.InvariantCulture) is var value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture)
        : $"\"{text}\"";
}

/// <summary>A choice with a value of some type.</summary>
/// <typeparam name="T">The type.</typeparam>
internal sealed class Setting<T> : Setting
{
    private readonly Option<string?> option;
    private readonly Func<string, (T Value, string? Problem)> read;

    private Setting(string name, Option<string?> option, T preset, Func<string, (T, string?)> read)
        : base(name, option)
    {
        this.option = option;
        this.read = read;
        Preset = preset;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && read(result.Tokens[^1].Value).Item2 is { } problem) result.AddError($"{option.Name} {problem}");
        });
    }

    /// <summary>The value where none is given.</summary>
    public T Preset { get; }

    public static Setting<T> Create(string name, string description, string helpName, T preset, Func<string, (T, string?)> read, params string[] completions)
    {
        Option<string?> option = new("--" + name) { Description = description, HelpName = helpName };
        option.CompletionSources.Add(completions);
        return new Setting<T>(name, option, preset, read);
    }

    public override string? Typed(ParseResult parse) => parse.GetValue(option);

    public override string? Problem(string text) => read(text).Problem;

    /// <summary>The value of a text.</summary>
    public T Parse(string text) => read(text) is (var value, null) ? value : throw new UsageException($"{Option.Name} {read(text).Problem}");
}

/// <summary>The kinds of choices there are.</summary>
internal static class Choices
{
    public static Setting<int> Whole(string name, string description, int preset, int least, int most = int.MaxValue) =>
        Setting<int>.Create(name, $"{description} [default: {preset}]", "n", preset, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most ? (value, null)
            : (0, most == int.MaxValue ? $"must be a whole number of at least {least}, but '{text}' was given." : $"must be a whole number from {least} to {most}, but '{text}' was given."));

    /// <summary>A whole number that may be left open.</summary>
    public static Setting<int?> OptionalWhole(string name, string description, int least) =>
        Setting<int?>.Create(name, description, "n", null, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least ? (value, null)
            : (null, $"must be a whole number of at least {least}, but '{text}' was given."));

    public static Setting<ulong> Seed(string description, ulong preset) =>
        Setting<ulong>.Create("seed", $"{description} [default: {preset}]", "n", preset, static text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? (value, null) : (0, $"must be a whole number of at least 0, but '{text}' was given."));

    public static Setting<double> Number(string name, string description, double preset, double least, bool above = false) =>
        Setting<double>.Create(name, $"{description} [default: {Written(preset)}]", "number", preset, text => ReadNumber(text, least, above) is ({ } value, null) ? (value, null) : (0, ReadNumber(text, least, above).Problem));

    /// <summary>A number that may be left open.</summary>
    public static Setting<double?> OptionalNumber(string name, string description, double least, bool above = false) =>
        Setting<double?>.Create(name, description, "number", null, text => ReadNumber(text, least, above));

    public static Setting<string> Choice(string name, string description, string preset, params string[] names) =>
        Setting<string>.Create(name, $"{description} [default: {preset}]", string.Join('|', names), preset, text =>
            names.Contains(text) ? (text, null) : ("", $"cannot be '{text}'{NearestName.Suggestion(text, names)}"), names);

    public static Setting<string?> Text(string name, string description, string helpName) =>
        Setting<string?>.Create(name, description, helpName, null, static text => (text, null));

    public static Setting<SizeRange> Size(string name, string description, int preset, int least = 1) =>
        Setting<SizeRange>.Create(name, $"{description}; a range such as 1..10, or a list such as 2,4,8, fits each and keeps the best by --select. [default: {preset}]", "n", new SizeRange([preset]), text => SizeRange.Read(text, least));

    public static FlagSetting Flag(string name, string description) => new(name, description);

    /// <summary>A number as a person writes it: <c>0.5</c>, <c>1e-6</c>.</summary>
    private static string Written(double value) => value.ToString(value == 0 || Math.Abs(value) is >= 1e-3 and < 1e6 ? "0.######" : "0.###e0", CultureInfo.InvariantCulture);

    private static (double? Value, string? Problem) ReadNumber(string text, double least, bool above)
    {
        bool fits = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && (above ? value > least : value >= least);
        string range = double.IsNegativeInfinity(least) ? "" : $" {(above ? "above" : "of at least")} {Written(least)}";
        return fits ? (value, null) : (null, $"must be a number{range}, but '{text}' was given.");
    }
}

/// <summary>A choice that is on or off.</summary>
internal sealed class FlagSetting : Setting
{
    private readonly Option<bool> option;

    public FlagSetting(string name, string description)
        : this(name, new Option<bool>("--" + name) { Description = description })
    {
    }

    private FlagSetting(string name, Option<bool> option)
        : base(name, option) => this.option = option;

    public override string? Typed(ParseResult parse) => parse.GetValue(option) ? "true" : null;

    public override string? Problem(string text) => text is "true" or "false" ? null : $"must be true or false, but '{text}' was given.";

    public override JsonNode ToJson(string text) => JsonValue.Create(text == "true");
}
