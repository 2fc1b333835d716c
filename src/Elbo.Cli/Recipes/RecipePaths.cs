using System.Text.Json;
using System.Text.Json.Nodes;
using Elbo.Cli.Hosting;
using Elbo.Models.Autoencoders;
using Elbo.Training;

namespace Elbo.Cli.Recipes;

/// <summary>Reads and changes values of a recipe by path, such as <c>training.optimizer.learningRate</c>.</summary>
internal static class RecipePaths
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Applies assignments of the form <c>path=value</c>; a value is JSON, or text without quotes.</summary>
    public static Recipe Set(Recipe recipe, IReadOnlyList<string> assignments)
    {
        if (assignments.Count == 0) return recipe;
        List<(string, JsonNode?)> values = [];
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new UsageException($"--set needs a path and a value, such as --set training.batchSize=50, but '{assignment}' was given.");
            values.Add((assignment[..equals], Value(assignment[(equals + 1)..])));
        }

        return Set(recipe, values, "--set " + string.Join(" --set ", assignments));
    }

    /// <summary>Applies values by path.</summary>
    public static Recipe Set(Recipe recipe, IEnumerable<(string Path, JsonNode? Value)> values, string name)
    {
        JsonObject root = (JsonObject)JsonNode.Parse(RecipeFile.Write(recipe))!;
        JsonObject complete = (JsonObject)JsonNode.Parse(RecipeFile.Write(Complete(recipe)))!;
        foreach ((string path, JsonNode? value) in values)
        {
            if (path is "training.epochs" or "training.steps" or "training.samples") RemoveBudget(root);
            Assign(root, complete, path, value);
        }

        return RecipeFile.Parse(root.ToJsonString(), name);
    }

    /// <summary>The number at a path of the complete recipe, or null where there is none.</summary>
    public static double? Number(Recipe recipe, string path)
    {
        JsonNode? node = JsonNode.Parse(RecipeFile.Write(Complete(recipe)));
        foreach (string key in path.Split('.')) node = (node as JsonObject)?[key];
        return node is JsonValue value && value.TryGetValue(out double number) ? number : null;
    }

    /// <summary>The recipe with nothing left to defaults that a later version may change.</summary>
    public static Recipe Complete(Recipe recipe)
    {
        TrainingOptions training = recipe.Training;
        if (training is { Epochs: null, Steps: null, Samples: null }) training = training with { Epochs = DefaultEpochs };
        return recipe with { Model = recipe.Model.Resolve(), Training = training with { Optimizer = training.Optimizer ?? new Adam() } };
    }

    private const double DefaultEpochs = 20;

    private static void Assign(JsonObject root, JsonObject complete, string path, JsonNode? value)
    {
        string[] keys = path.Split('.');
        JsonObject at = root;
        JsonObject? known = complete;
        foreach (string key in keys[..^1])
        {
            known = known?[key] as JsonObject;
            switch (at[key])
            {
                case JsonObject inner:
                    at = inner;
                    break;
                // A family written as its bare name, and what the recipe leaves open, are written out before a part of them is changed.
                case JsonValue or null when known is not null:
                    at[key] = known.DeepClone();
                    at = (JsonObject)at[key]!;
                    break;
                case null:
                    JsonObject made = [];
                    at[key] = made;
                    at = made;
                    break;
                default:
                    throw new UsageException($"--set {path}: '{key}' is not a group of values; name one it holds.");
            }
        }

        // The options of one kind are not those of another.
        if (keys[^1] == "kind") at.Clear();
        at[keys[^1]] = value;
    }

    private static void RemoveBudget(JsonObject root)
    {
        if (root["training"] is not JsonObject training) return;
        foreach (string budget in (ReadOnlySpan<string>)["epochs", "steps", "samples"]) training.Remove(budget);
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Lenient);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
