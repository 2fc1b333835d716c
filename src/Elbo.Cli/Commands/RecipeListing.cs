using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Studies;

namespace Elbo.Cli.Commands;

/// <summary>The list of what <c>elbo reproduce</c> runs: recipes, which are one fit each, and studies.</summary>
internal static class RecipeListing
{
    public static void Write(Terminal terminal, bool json)
    {
        (string Name, Recipe Recipe)[] recipes = [.. RecipeCatalog.Names.Select(static name => (name, RecipeCatalog.Load(name)))];
        if (json) WriteJson(terminal.Out, recipes);
        else WriteTable(terminal.Out, recipes);
    }

    private static void WriteTable(TextWriter output, (string Name, Recipe Recipe)[] recipes)
    {
        TextTable table = new("name", "data", "what");
        foreach ((string name, Recipe recipe) in recipes) table.Add(name, recipe.Data.Source, recipe.Title ?? "");
        table.Write(output);
        output.WriteLine();
        TextTable studies = new("study", "data", "what");
        foreach (Study study in StudyList.All) studies.Add(study.Name, study.Data, study.Title);
        studies.Write(output);
        output.WriteLine();
        output.WriteLine($"A recipe is one fit, which '{Root.Name} fit --recipe' runs too; a study compares. '{Root.Name} reproduce' runs both.");
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
        writer.WriteStartArray("studies");
        foreach (Study study in StudyList.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", study.Name);
            writer.WriteString("title", study.Title);
            writer.WriteString("data", study.Data);
            writer.WriteNumber("publishedFigures", study.PublishedFigures);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
