using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Models.Autoencoders;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Cli.Tests.Recipes;

public class RecipePathsTests
{
    [Fact]
    public void A_value_left_to_its_default_can_be_set_in_part()
    {
        Recipe recipe = RecipePaths.Set(new Recipe(), ["model.objective.beta=4", "training.optimizer.learningRate=0.01", "training.earlyStopping.patience=3"]);
        Assert.Equal(new EvidenceLowerBound(Beta: 4), recipe.Model.Objective);
        Assert.Equal(new Adam(0.01), recipe.Training.Optimizer);
        Assert.Equal(new EarlyStopping(3), recipe.Training.EarlyStopping);
        Assert.Null(recipe.Model.Latent);
    }

    [Fact]
    public void A_new_kind_starts_from_its_own_defaults()
    {
        Recipe recipe = RecipePaths.Set(RecipeCatalog.Load("iwae-k1"), ["training.optimizer.kind=adamw", "training.optimizer.weightDecay=0.1", "model.likelihood=laplace"]);
        Assert.Equal(new AdamW(WeightDecay: 0.1), recipe.Training.Optimizer);
        Assert.Equal(new LaplaceLikelihood(), recipe.Model.Likelihood);
    }

    [Fact]
    public void A_new_budget_takes_the_place_of_the_old()
    {
        Recipe recipe = RecipePaths.Set(RecipeCatalog.Load("aevb"), ["training.epochs=3"]);
        Assert.Equal((3d, null, null), (recipe.Training.Epochs, recipe.Training.Samples, recipe.Training.Steps));
    }

    [Fact]
    public void Lists_and_text_are_values()
    {
        Recipe recipe = RecipePaths.Set(new Recipe(), ["model.encoder.hidden=[30, 20]", "data.source=./here", "data.binarization=dynamic"]);
        Assert.Equal([30, 20], recipe.Model.Encoder!.Hidden!);
        Assert.Equal("./here", recipe.Data.Source);
        Assert.Equal(Data.Binarization.Dynamic, recipe.Data.Binarization);
    }

    [Fact]
    public void Numbers_are_read_by_path()
    {
        Recipe recipe = RecipeCatalog.Load("aevb");
        Assert.Equal(20, RecipePaths.Number(recipe, "model.latent"));
        Assert.Equal(1e7, RecipePaths.Number(recipe, "training.samples"));
        Assert.Null(RecipePaths.Number(recipe, "training.epochs"));
        Assert.Null(RecipePaths.Number(recipe, "no.such.path"));
    }

    [Theory]
    [InlineData(0.25, 100, 25)]
    [InlineData(0, 100, 0)]
    [InlineData(7, 100, 7)]
    public void Validation_is_a_number_of_rows_or_a_share(double given, int rows, int expected) =>
        Assert.Equal(expected, new DataRecipe(Validation: given).SplitOptions(rows).ValidationRows);

    [Theory]
    [InlineData("data.validation=1.5", "a share")]
    [InlineData("data.validation=-1", "a share")]
    [InlineData("data.validation=many", "a number")]
    public void A_validation_without_sense_is_refused(string assignment, string word) =>
        Assert.Contains(word, Assert.Throws<UsageException>(() => RecipePaths.Set(new Recipe(), [assignment])).Message, StringComparison.Ordinal);
}
