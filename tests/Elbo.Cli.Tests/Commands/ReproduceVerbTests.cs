using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;

namespace Elbo.Cli.Tests.Commands;

public class ReproduceVerbTests
{
    private const string Mine = """
        {
          // A run of a second.
          "title": "small", "source": "nowhere",
          "data": { "source": "digits", "generatedTrainRows": 100, "generatedTestRows": 40 },
          "model": { "latent": 2, "encoder": { "hidden": [8] } },
          "training": { "epochs": 2, "batchSize": 20 },
          "short": { "training.epochs": 1 },
          "published": [
            { "figure": -5, "quantity": "elbo", "tolerance": 1, "protocol": "two epochs | test", "source": "a dream", "when": { "training.epochs": 2 } },
            { "figure": -900, "quantity": "elbo", "tolerance": 1, "protocol": "any", "source": "a nightmare" }
          ]
        }
        """;

    [Fact]
    public async Task Sets_ours_beside_the_published_figures_and_appends_them_to_the_page()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["mine.json"], Mine, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["page.md"], "# Results\n", TestContext.Current.CancellationToken);
        JsonElement result = (await ToolRun.Of("reproduce", folder["mine.json"], "--out", folder.Root, "--document", folder["page.md"], "--json", "--quiet")).Succeeded().Json;
        JsonElement published = result.GetProperty("published");
        Assert.Equal([false, true], published.EnumerateArray().Select(static line => line.GetProperty("reproduced").GetBoolean()));
        Assert.Equal(result.GetProperty("elbo").GetDouble() + 5, published[0].GetProperty("difference").GetDouble(), 1e-9);

        (await ToolRun.Of("reproduce", folder["mine.json"], "--short", "--out", folder.Root, "--document", folder["page.md"], "--quiet")).Succeeded();
        string[] page = await File.ReadAllLinesAsync(folder["page.md"], TestContext.Current.CancellationToken);
        Assert.Equal("# Results", page[0]);
        Assert.Equal(5, page.Count(static line => line.StartsWith('|')));
        Assert.Single(page, static line => line.StartsWith("|---", StringComparison.Ordinal));
        Assert.Contains("two epochs \\| test", page[4], StringComparison.Ordinal);
        Assert.Contains("1 epoch,", page[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_reproduced_is_said_before_training()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of("reproduce", "flx")).Refused(ExitCode.Usage, "did you mean 'flax'?");
        (await ToolRun.Of("reproduce", "vae", "--short")).Refused(ExitCode.Usage, "no shorter form");
        (await ToolRun.Of("reproduce", "vae", "--document", folder["no/such/page.md"])).Refused(ExitCode.Failure, "page.md");
    }

    [Fact]
    public void Every_short_form_is_a_recipe()
    {
        foreach (string name in RecipeCatalog.Names)
        {
            Recipe recipe = RecipeCatalog.Load(name);
            if (recipe.Short is not { } changes) continue;
            Recipe shorter = RecipePaths.Set(recipe, changes.Select(static change => (change.Key, System.Text.Json.Nodes.JsonNode.Parse(change.Value.GetRawText()))), name);
            Assert.NotEqual(RecipeFile.Write(recipe), RecipeFile.Write(shorter));
        }
    }
}
