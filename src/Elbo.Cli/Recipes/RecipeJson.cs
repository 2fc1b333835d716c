using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Storage;

namespace Elbo.Cli.Recipes;

/// <summary>A recipe as it is written: the library reads and writes the model and the training itself.</summary>
internal sealed record RecipeDocument
{
    public string? Title { get; init; }

    public string? Source { get; init; }

    public DataRecipe? Data { get; init; }

    public JsonElement? Model { get; init; }

    public JsonElement? Training { get; init; }

    public EvaluationRecipe? Evaluation { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Short { get; init; }

    public IReadOnlyList<PublishedFigure>? Published { get; init; }

    public MadeRecord? Made { get; init; }
}

/// <summary>The source-generated description of recipes, for reading them with <see cref="StrictJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RecipeDocument))]
internal sealed partial class RecipeJson : JsonSerializerContext;
