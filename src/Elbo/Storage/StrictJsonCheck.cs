using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>Walks a document beside the description of its type, and refuses what does not fit.</summary>
internal static class StrictJsonCheck
{
    public static void Check(JsonElement element, JsonTypeInfo type, string path, string name)
    {
        Type clr = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (type.PolymorphismOptions is { } family) CheckMember(element, type, family, path, name);
        else if (type.Kind == JsonTypeInfoKind.Object) CheckObject(element, type, path, name, null);
        else if (type.Kind == JsonTypeInfoKind.Enumerable) CheckList(element, type, path, name);
        else if (type.Kind == JsonTypeInfoKind.Dictionary) CheckMap(element, type, path, name);
        else if (clr == typeof(int)) Require(element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out _), "a whole number");
        else if (clr == typeof(long)) Require(element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out _), "a whole number");
        else if (clr == typeof(ulong)) Require(element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out _), "a whole number of at least 0");
        else if (clr == typeof(double) || clr == typeof(float)) Require(element.ValueKind == JsonValueKind.Number, "a number");
        else if (clr == typeof(bool)) Require(element.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false");
        else if (clr == typeof(string)) Require(element.ValueKind == JsonValueKind.String, "text in quotes");

        void Require(bool fits, string expected)
        {
            if (!fits) throw Unfit(name, path, element, expected);
        }
    }

    public static ElboException Unfit(string name, string path, JsonElement element, string expected)
    {
        string given = element.GetRawText();
        if (given.Length > 40) given = given[..40] + "…";
        return new ElboException(path.Length == 0 ? $"'{name}' holds {given}, and {expected} was expected." : $"'{name}': '{path}' is {given}, and {expected} was expected.");
    }

    /// <summary>One of several types, told apart by a key that must come first.</summary>
    private static void CheckMember(JsonElement element, JsonTypeInfo type, JsonPolymorphismOptions family, string path, string name)
    {
        string key = family.TypeDiscriminatorPropertyName;
        string[] kinds = [.. family.DerivedTypes.Select(member => member.TypeDiscriminator as string).OfType<string>()];
        if (element.ValueKind != JsonValueKind.Object || !element.EnumerateObject().Any() || element.EnumerateObject().First() is not { Value.ValueKind: JsonValueKind.String } first || first.Name != key)
            throw Unfit(name, path, element, $"an object that begins with \"{key}\" ({string.Join(", ", kinds)})");
        string kind = first.Value.GetString()!;
        int index = Array.IndexOf(kinds, kind);
        if (index < 0) throw new ElboException($"'{name}': '{Join(path, key)}' is '{kind}', which is not known{NearestName.Suggestion(kind, kinds)}");
        CheckObject(element, type.Options.GetTypeInfo(family.DerivedTypes[index].DerivedType), path, name, key);
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static void CheckObject(JsonElement element, JsonTypeInfo type, string path, string name, string? kindKey)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Unfit(name, path, element, "an object { … }");
        foreach (JsonProperty given in element.EnumerateObject())
        {
            if (given.Name == kindKey) continue;
            string inner = Join(path, given.Name);
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(known => known.Name == given.Name);
            if (property is null)
                throw new ElboException($"'{name}': the key '{inner}' is unknown{NearestName.Suggestion(given.Name, [.. type.Properties.Select(known => known.Name)])}");
            if (given.Value.ValueKind == JsonValueKind.Null && (property.IsSetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null)) continue;
            Check(given.Value, type.Options.GetTypeInfo(property.PropertyType), inner, name);
        }
    }

    private static void CheckMap(JsonElement element, JsonTypeInfo type, string path, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Unfit(name, path, element, "an object { … }");
        if (type.ElementType is not { } elementType) return;
        JsonTypeInfo inner = type.Options.GetTypeInfo(elementType);
        foreach (JsonProperty entry in element.EnumerateObject()) Check(entry.Value, inner, Join(path, entry.Name), name);
    }

    private static void CheckList(JsonElement element, JsonTypeInfo type, string path, string name)
    {
        if (element.ValueKind != JsonValueKind.Array) throw Unfit(name, path, element, "a list [ … ]");
        if (type.ElementType is not { } elementType) return;
        JsonTypeInfo inner = type.Options.GetTypeInfo(elementType);
        int index = 0;
        foreach (JsonElement item in element.EnumerateArray()) Check(item, inner, $"{path}[{index++}]", name);
    }
}
