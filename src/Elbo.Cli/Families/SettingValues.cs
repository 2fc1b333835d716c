using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elbo.Cli.Hosting;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary>What was chosen: a text for each setting that is not left to its default.</summary>
internal sealed class SettingValues
{
    private readonly IReadOnlyList<Setting> settings;
    private readonly Dictionary<string, string> texts;

    private SettingValues(IReadOnlyList<Setting> settings, Dictionary<string, string> texts) => (this.settings, this.texts) = (settings, texts);

    /// <summary>The choices of a command line.</summary>
    public static SettingValues FromCommandLine(IReadOnlyList<Setting> settings, ParseResult parse)
    {
        Dictionary<string, string> texts = [];
        foreach (Setting setting in settings)
            if (setting.Typed(parse) is { } text) texts[setting.Key] = text;
        return new SettingValues(settings, texts);
    }

    /// <summary>The choices of a recipe.</summary>
    /// <exception cref="UsageException">A key is unknown, or a value makes no sense.</exception>
    public static SettingValues FromRecipe(IReadOnlyList<Setting> settings, IReadOnlyDictionary<string, JsonElement>? options, string name)
    {
        Dictionary<string, string> texts = [];
        foreach ((string key, JsonElement value) in options ?? new Dictionary<string, JsonElement>())
        {
            Setting setting = settings.FirstOrDefault(setting => setting.Key == key)
                ?? throw new UsageException($"'{name}': 'options.{key}' is not known{NearestName.Suggestion(key, [.. settings.Select(static known => known.Key)])}");
            string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            if (setting.Problem(text) is { } problem) throw new UsageException($"'{name}': 'options.{key}' {problem}");
            texts[key] = text;
        }

        return new SettingValues(settings, texts);
    }

    public T Get<T>(Setting<T> setting) => texts.TryGetValue(setting.Key, out string? text) ? setting.Parse(text) : setting.Preset;

    public bool Get(FlagSetting setting) => texts.TryGetValue(setting.Key, out string? text) && text == "true";

    /// <summary>Whether a setting is not left to its default.</summary>
    public bool Has(Setting setting) => texts.ContainsKey(setting.Key);

    /// <summary>The choices with another for one setting.</summary>
    public SettingValues With(Setting setting, string text) => new(settings, new Dictionary<string, string>(texts) { [setting.Key] = text });

    /// <summary>The choices as a recipe has them, in the order of the settings.</summary>
    public IReadOnlyDictionary<string, JsonElement> ToRecipe()
    {
        OrderedDictionary<string, JsonElement> result = [];
        foreach (Setting setting in settings)
        {
            if (!texts.TryGetValue(setting.Key, out string? text)) continue;
            using JsonDocument document = JsonDocument.Parse(setting.ToJson(text).ToJsonString());
            result[setting.Key] = document.RootElement.Clone();
        }

        return result;
    }
}
