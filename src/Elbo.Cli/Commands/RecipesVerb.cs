using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo recipes</c>: the experiments that the tool carries.</summary>
internal sealed class RecipesVerb : Verb
{
    public RecipesVerb(Terminal terminal)
        : base("recipes", "List and show the built-in recipes.", "elbo recipes list", "elbo recipes show aevb")
    {
        Add(new ListVerb(terminal));
        Add(new ShowVerb(terminal));
    }

    private sealed class ListVerb : Verb
    {
        private readonly Option<bool> json = CommonOptions.Json();

        public ListVerb(Terminal terminal)
            : base("list", "List the built-in recipes.", "elbo recipes list")
        {
            Add(json);
            SetAction(parse =>
            {
                (string Name, Recipe Recipe)[] recipes = [.. RecipeCatalog.Names.Select(static name => (name, RecipeCatalog.Load(name)))];
                if (parse.GetValue(json)) WriteJson(terminal.Out, recipes);
                else WriteTable(terminal.Out, recipes);
            });
        }

        private static void WriteTable(TextWriter output, (string Name, Recipe Recipe)[] recipes)
        {
            TextTable table = new("name", "data", "what");
            foreach ((string name, Recipe recipe) in recipes) table.Add(name, recipe.Data.Source, recipe.Title ?? "");
            table.Write(output);
        }

        private static void WriteJson(TextWriter output, (string Name, Recipe Recipe)[] recipes) => JsonOutput.Write(output, writer =>
        {
            writer.WriteStartArray("recipes");
            foreach ((string name, Recipe recipe) in recipes)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteString("title", recipe.Title);
                writer.WriteString("data", recipe.Data.Source);
                writer.WriteNumber("publishedFigures", recipe.Published?.Count ?? 0);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private sealed class ShowVerb : Verb
    {
        private readonly Argument<string> name = new("name") { Description = "A recipe's name, or a file." };
        private readonly Option<bool> complete = new("--complete") { Description = "Write out every value, those left to defaults too." };
        private readonly Option<bool> json = new("--json") { Description = "Print the recipe as plain JSON, without its comments." };

        public ShowVerb(Terminal terminal)
            : base("show", "Print a recipe.", "elbo recipes show aevb", "elbo recipes show vae --complete > mine.json")
        {
            Add(name);
            Add(complete);
            Add(json);
            SetAction(parse =>
            {
                string wanted = parse.GetRequiredValue(name);
                Recipe recipe = RecipeCatalog.Load(wanted);
                if (parse.GetValue(complete)) terminal.Out.WriteLine(RecipeFile.Write(RecipePaths.Complete(recipe)));
                else if (parse.GetValue(json)) terminal.Out.WriteLine(RecipeFile.Write(recipe));
                else terminal.Out.WriteLine(RecipeCatalog.ReadText(wanted).TrimEnd());
            });
        }
    }
}
