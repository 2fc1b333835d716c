using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;

namespace Elbo.Cli.Tests.Commands;

public class RecipesVerbTests
{
    [Fact]
    public async Task Lists_the_recipes_the_issue_asks_for()
    {
        string table = (await ToolRun.Of("recipes", "list")).Succeeded().Out;
        Assert.All(["vae", "aevb", "keras", "flax", "iwae-k1", "ethanluoyc", "conv-cifar", "autoencoder", "denoising"], name => Assert.Contains($"\n{name} ", table, StringComparison.Ordinal));
        Assert.Equal("vae", (await ToolRun.Of("recipes", "list", "--json")).Succeeded().Json.GetProperty("recipes")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Shows_a_recipe_as_written_plain_and_complete()
    {
        Assert.Contains("// ", (await ToolRun.Of("recipes", "show", "aevb")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(20, (await ToolRun.Of("recipes", "show", "aevb", "--json")).Succeeded().Json.GetProperty("model").GetProperty("latent").GetInt32());
        Assert.Equal("diagonal-gaussian", (await ToolRun.Of("recipes", "show", "aevb", "--complete")).Succeeded().Json.GetProperty("model").GetProperty("posterior").GetProperty("kind").GetString());
        (await ToolRun.Of("recipes", "show", "avb")).Refused(ExitCode.Usage, "did you mean 'aevb'?");
    }

    [Fact]
    public void A_complete_recipe_reads_back_as_itself()
    {
        foreach (string name in RecipeCatalog.Names)
        {
            string written = RecipeFile.Write(RecipePaths.Complete(RecipeCatalog.Load(name)));
            Assert.Equal(written, RecipeFile.Write(RecipePaths.Complete(RecipeFile.Parse(written, name))));
        }
    }

    [Theory]
    [InlineData(3, -138.0)]
    [InlineData(5, -124.3)]
    [InlineData(10, -108.5)]
    [InlineData(20, -104.9)]
    [InlineData(200, -103.9)]
    public void The_figures_of_aevb_apply_to_their_latent_sizes(int latent, double figure)
    {
        Recipe recipe = RecipePaths.Set(RecipeCatalog.Load("aevb"), [$"model.latent={latent}"]);
        PublishedFigure published = Assert.Single(recipe.Published!, published => published.When!.All(pair => RecipePaths.Number(recipe, pair.Key) == pair.Value));
        Assert.Equal(figure, published.Figure);
    }
}
