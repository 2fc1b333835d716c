using System.Text;
using System.Text.Json.Nodes;
using Elbo.Cli.Recipes;
using Elbo.Numerics;
using Elbo.Tests.Storage;

namespace Elbo.Cli.Tests.Recipes;

public class RecipeFileTests
{
    [Fact]
    public void Survives_ten_thousand_mutants() =>
        Mutation.Fuzz([.. Recipes().Select(Encoding.UTF8.GetBytes)], static mutant => RecipeFile.Parse(Encoding.UTF8.GetString(mutant), "x.json"));

    [Fact]
    public void Survives_ten_thousand_recipes_with_a_value_out_of_place()
    {
        const int seed = 7;
        Random random = new(seed);
        string[] recipes = Recipes();
        string[] values = ["null", "-1", "0", "1e308", "-1e308", "0.5", "2147483647", "9223372036854775807", "\"\"", "\"vae\"", "\"NaN\"", "true", "[]", "{}", "[null]", "[-5]", "{\"kind\":null}", "{\"kind\":\"x\"}"];
        int refused = 0;
        for (int i = 0; i < Mutation.Mutants; i++)
        {
            JsonNode root = JsonNode.Parse(recipes[i % recipes.Length])!;
            Replace(root, JsonNode.Parse(values[random.Next(values.Length)]), random);
            string mutant = root.ToJsonString();
            // No JSON node holds a number beyond double's range; a file may.
            if (random.Next(10) == 0) mutant = mutant.Replace(":1,", ":1e400,", StringComparison.Ordinal);
            try
            {
                RecipeFile.Parse(mutant, "x.json");
            }
            catch (ElboException exception)
            {
                Assert.False(string.IsNullOrWhiteSpace(exception.Message));
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"Mutant {i} of seed {seed} made {exception.GetType().Name}: {exception.Message}\n{mutant}");
            }
        }

        Assert.True(refused > Mutation.Mutants / 4, $"Only {refused} mutants were refused.");
    }

    private static string[] Recipes() => [.. RecipeCatalog.Names.Select(name => RecipeFile.Write(RecipeCatalog.Load(name)))];

    private static void Replace(JsonNode root, JsonNode? value, Random random)
    {
        List<(JsonObject Owner, string Key)> places = [];
        Collect(root, places);
        (JsonObject owner, string key) = places[random.Next(places.Count)];
        if (random.Next(8) == 0) owner.Remove(key);
        else owner[key] = value;
    }

    private static void Collect(JsonNode? node, List<(JsonObject Owner, string Key)> places)
    {
        if (node is JsonArray array)
            foreach (JsonNode? item in array) Collect(item, places);
        if (node is not JsonObject owner) return;
        foreach ((string key, JsonNode? child) in owner)
        {
            places.Add((owner, key));
            Collect(child, places);
        }
    }
}
