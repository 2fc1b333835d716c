using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo show</c>: the parameters of a fitted row model.</summary>
internal sealed class ShowVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<bool> json = CommonOptions.Json();

    public ShowVerb(Terminal terminal)
        : base("show", "Print the parameters of a fitted model: weights, means, covariances, transition matrix, ....", "elbo show runs/gmm-iris-1", "elbo show runs/gmm-iris-1 --json > parameters.json")
    {
        Add(run);
        Add(json);
        SetAction(parse =>
        {
            using RowRun rows = RowRun.Require(parse.GetRequiredValue(run), 1, null, "'elbo show' prints the parameters of mixtures, hidden Markov models and their kin");
            if (parse.GetValue(json)) WriteJson(terminal.Out, rows);
            else WriteTables(terminal.Out, rows);
        });
    }

    private static void WriteTables(TextWriter output, RowRun run)
    {
        output.WriteLine($"{run.Model.Title}, {Text.Count(run.Model.FreeParameters)} free parameters");
        ParameterTables.Write(output, run.Family, run.Model, run.ColumnNames);
        foreach ((string column, IReadOnlyList<string> categories) in run.Recipe.Data.Categories ?? new Dictionary<string, IReadOnlyList<string>>())
            output.WriteLine($"\ncategories of {column}: {string.Join(", ", categories.Select(static (category, number) => $"{number} {category}"))}");
    }

    private static void WriteJson(TextWriter output, RowRun run) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("run", run.Folder.FullPath);
        writer.WriteString("kind", run.Model.Kind);
        writer.WriteString("model", run.Model.Title);
        writer.WriteNumber("freeParameters", run.Model.FreeParameters);
        writer.WriteStrings("columns", run.ColumnNames);
        writer.WriteStrings("codes", run.Model.CodeNames);
        if (run.Recipe.Data.Categories is { Count: > 0 } categories)
        {
            writer.WriteStartObject("categories");
            foreach ((string column, IReadOnlyList<string> names) in categories) writer.WriteStrings(column, names);
            writer.WriteEndObject();
        }

        writer.WritePropertyName("definition");
        run.Model.Definition.WriteTo(writer);
        ParameterTables.WriteJson(writer, run.Model);
    });
}
