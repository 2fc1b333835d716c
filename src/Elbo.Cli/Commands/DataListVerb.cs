using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo data list</c>: the sets known by name, and where they are.</summary>
internal sealed class DataListVerb : Verb
{
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<bool> json = CommonOptions.Json();

    public DataListVerb(Terminal terminal)
        : base("list", "List the data sets known by name, and where they are.", "elbo data list", "elbo data list --json")
    {
        Add(folder);
        Add(json);
        SetAction(parse =>
        {
            IReadOnlyList<string> folders = DataFolders.InOrder(parse.GetValue(folder));
            if (parse.GetValue(json)) WriteJson(terminal.Out, folders);
            else WriteTable(terminal.Out, folders);
        });
    }

    /// <summary>Where a set is: null where it must be downloaded first.</summary>
    public static string? Place(NamedSet set, IReadOnlyList<string> folders) =>
        set.IsGenerated ? "generated" : set.Locate(folders) is { } paths ? Path.GetDirectoryName(paths[0]) : null;

    private static void WriteTable(TextWriter output, IReadOnlyList<string> folders)
    {
        TextTable table = new TextTable("name", "train", "test", "row", "where", "what").AlignRight(1, 2);
        foreach (NamedSet set in NamedSets.All)
            table.Add(set.Name, Text.Count(set.TrainRows), Text.Count(set.TestRows), Text.Extents(set.RowShape), Place(set, folders) ?? "not here: elbo data fetch " + set.Name, set.Description);
        table.Write(output);
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<string> folders) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartArray("dataSets");
        foreach (NamedSet set in NamedSets.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", set.Name);
            writer.WriteNumber("trainRows", set.TrainRows);
            writer.WriteNumber("testRows", set.TestRows);
            writer.WriteNumbers("rowShape", set.RowShape.Select(static extent => (double)extent));
            writer.WriteBoolean("generated", set.IsGenerated);
            writer.WriteString("where", Place(set, folders));
            writer.WriteString("description", set.Description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
