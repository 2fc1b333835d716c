using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Studies;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo recipes</c>: the experiments that the tool carries.</summary>
internal sealed class RecipesVerb : Verb
{
    public RecipesVerb(Terminal terminal)
        : base("recipes", "List and show the built-in recipes and studies.", "elbo recipes list", "elbo recipes show aevb")
    {
        Add(new ListVerb(terminal));
        Add(new ShowVerb(terminal));
    }

    private sealed class ListVerb : Verb
    {
        private readonly Option<bool> json = CommonOptions.Json();

        public ListVerb(Terminal terminal)
            : base("list", "List the built-in recipes and studies.", "elbo recipes list")
        {
            Add(json);
            SetAction(parse => RecipeListing.Write(terminal, parse.GetValue(json)));
        }
    }

    private sealed class ShowVerb : Verb
    {
        private readonly Argument<string> name = new("name") { Description = "The name of a recipe or a study, or a recipe's file." };
        private readonly Option<bool> complete = new("--complete") { Description = "Write out every value, those left to defaults too." };
        private readonly Option<bool> json = new("--json") { Description = "Print the recipe as plain JSON, without its comments." };

        public ShowVerb(Terminal terminal)
            : base("show", "Print a recipe, or what a study does.", "elbo recipes show aevb", "elbo recipes show vae --complete > mine.json")
        {
            Add(name);
            Add(complete);
            Add(json);
            SetAction(parse =>
            {
                string wanted = parse.GetRequiredValue(name);
                if (StudyList.Find(wanted) is { } study)
                {
                    ShowStudy(terminal.Out, study, parse.GetValue(json));
                    return;
                }

                Recipe recipe = RecipeCatalog.Load(wanted);
                if (parse.GetValue(complete)) terminal.Out.WriteLine(RecipeFile.Write(RecipePaths.Complete(recipe)));
                else if (parse.GetValue(json)) terminal.Out.WriteLine(RecipeFile.Write(recipe));
                else terminal.Out.WriteLine(RecipeCatalog.ReadText(wanted).TrimEnd());
            });
        }

        private static void ShowStudy(TextWriter output, Study study, bool json)
        {
            if (json)
            {
                JsonOutput.Write(output, writer =>
                {
                    writer.WriteString("study", study.Name);
                    writer.WriteString("title", study.Title);
                    writer.WriteString("source", study.Source);
                    writer.WriteString("data", study.Data);
                    writer.WriteString("protocol", study.Protocol);
                });
                return;
            }

            output.WriteLine(study.Title);
            output.WriteLine($"Source: {study.Source}");
            output.WriteLine($"Data: {study.Data}");
            output.WriteLine(study.Protocol);
            output.WriteLine($"A study has no settings but the seed. Run it: {Root.Name} reproduce {study.Name}");
        }
    }
}
