using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Studies;
using Elbo.Models.Autoencoders;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Cli.Recipes;

/// <summary>Reads and writes recipes as JSON.</summary>
internal static class RecipeFile
{
    /// <summary>Reads a recipe and checks what can be checked without data.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What to call it in messages.</param>
    public static Recipe Parse(string json, string name) => UsageException.Guard(() =>
    {
        if (StudyMark.TryRead(json) is { } study) throw new ElboException($"'{name}' is {study.Describe()}, which has no model of its own; run it with 'elbo reproduce {study.Study}', or go on with it by --run.");
        RecipeDocument document = StrictJson.Parse(json, RecipeJson.Default.RecipeDocument, name);
        Recipe recipe = new()
        {
            Title = document.Title,
            Source = document.Source,
            Data = document.Data ?? new DataRecipe(),
            Model = document.Model is { } model ? StrictJson.Read(model, AutoencoderJson.Default.AutoencoderDefinition, $"{name}: model") : new AutoencoderDefinition(),
            Training = document.Training is { } training ? StrictJson.Read(training, TrainingJson.Default.TrainingOptions, $"{name}: training") : new TrainingOptions(),
            Evaluation = document.Evaluation ?? new EvaluationRecipe(),
            Short = document.Short,
            Published = document.Published,
            Made = document.Made,
        };
        Check(recipe, name);
        return recipe;
    });

    public static string Write(Recipe recipe) => JsonSerializer.Serialize(
        new RecipeDocument
        {
            Title = recipe.Title,
            Source = recipe.Source,
            Data = recipe.Data,
            Model = JsonSerializer.SerializeToElement(recipe.Model, AutoencoderJson.Default.AutoencoderDefinition),
            Training = JsonSerializer.SerializeToElement(recipe.Training, TrainingJson.Default.TrainingOptions),
            Evaluation = recipe.Evaluation,
            Short = recipe.Short,
            Published = recipe.Published,
            Made = recipe.Made,
        },
        RecipeJson.Default.RecipeDocument);

    private static void Check(Recipe recipe, string name)
    {
        recipe.Data.Validate();
        recipe.Training.Validate();
        if (recipe.Evaluation.Samples < 1) throw new ElboException($"'{name}': 'evaluation.samples' is {recipe.Evaluation.Samples}; it must be at least 1.");
        if (recipe.Evaluation.ImportanceSamples < 0) throw new ElboException($"'{name}': 'evaluation.importanceSamples' is {recipe.Evaluation.ImportanceSamples}; it must be at least 0.");
        int latent = recipe.Model.Resolve().Latent!.Value;
        if (latent < 1) throw new ElboException($"The latent size must be at least 1, but it is {latent}.");
    }
}
