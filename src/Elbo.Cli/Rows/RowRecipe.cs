using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>The fit of a row model as data: which family, on which rows, with which choices.</summary>
/// <param name="Family">The family's name.</param>
/// <param name="Data">The rows.</param>
/// <param name="Options">The choices that are not left to their defaults.</param>
/// <param name="Made">Where, when and by what a run was made; only in run folders.</param>
internal sealed record RowRecipe(string Family, RowDataRecipe Data, IReadOnlyDictionary<string, JsonElement>? Options = null, MadeRecord? Made = null)
{
    /// <summary>Whether a recipe is one of these: whether it names a family.</summary>
    public static bool Is(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("family", out _);
        }
        catch (JsonException)
        {
            // Whoever reads it as a recipe of the other kind says what is wrong with it.
            return false;
        }
    }

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="UsageException">It is not valid.</exception>
    public static RowRecipe Parse(string json, string name) => UsageException.Guard(() => StrictJson.Parse(json, RowRecipeJson.Default.RowRecipe, name));

    public string Write() => JsonSerializer.Serialize(this, RowRecipeJson.Default.RowRecipe);
}

/// <summary>Which rows, and what their columns are.</summary>
/// <param name="Source">A data set's name, a file or a folder.</param>
/// <param name="Columns">The columns of values; null for all that hold nothing else.</param>
/// <param name="WeightsColumn">The column of row weights.</param>
/// <param name="SequenceColumn">The column that says which sequence a row belongs to.</param>
/// <param name="Labels">The column of labels, which the model does not see.</param>
/// <param name="Text">Whether text stands for categories.</param>
/// <param name="Categories">The categories of columns of text, in the order of their numbers; only in run folders.</param>
/// <param name="ColumnNames">The names of the columns of values where the source has them; only in run folders.</param>
internal sealed record RowDataRecipe(
    string Source, IReadOnlyList<string>? Columns = null, string? WeightsColumn = null, string? SequenceColumn = null, string? Labels = null,
    bool? Text = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Categories = null, IReadOnlyList<string>? ColumnNames = null)
{
    public ObservationOptions Options(string? folder) =>
        new() { DataFolder = folder, Columns = Columns, WeightColumn = WeightsColumn, SequenceColumn = SequenceColumn, LabelColumn = Labels, TextCategories = Text == true, Categories = Categories };
}

/// <summary>The source-generated description of recipes of row models.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RowRecipe))]
internal sealed partial class RowRecipeJson : JsonSerializerContext;
