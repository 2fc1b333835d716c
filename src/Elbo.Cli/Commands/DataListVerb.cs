using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Numerics;

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

    /// <summary>
    /// How many training and test rows a set has, and whether these are the numbers published: files of another size on this machine may hold a
    /// part of the set, so their rows are counted.
    /// </summary>
    private static (int Train, int Test, bool Published) Rows(NamedSet set, IReadOnlyList<string> folders)
    {
        if (set.IsGenerated || set.Locate(folders) is not { } paths) return (set.TrainRows, set.TestRows, true);
        bool published = paths.Zip(set.Files).All(static pair => new FileInfo(pair.First).Length == pair.Second.Length);
        if (published) return (set.TrainRows, set.TestRows, true);
        LoadedData data = NamedSets.Load(set, folders);
        return (data.Train.Rows, data.Test?.Rows ?? 0, data.Verified == true);
    }

    /// <summary>Where a set is: null where it must be downloaded first.</summary>
    public static string? Place(NamedSet set, IReadOnlyList<string> folders) =>
        set.IsGenerated ? "generated" : set.Locate(folders) is { } paths ? Path.GetDirectoryName(paths[0]) : null;

    private static void WriteTable(TextWriter output, IReadOnlyList<string> folders)
    {
        TextTable table = new TextTable("name", "train", "test", "row", "where", "what").AlignRight(1, 2);
        foreach (NamedSet set in NamedSets.All)
        {
            (string train, string test, string remark) = Describe(set, folders);
            table.Add(set.Name, train, test, Text.Extents(set.RowShape), Place(set, folders) ?? "not here: elbo data fetch " + set.Name, set.Description + remark);
        }

        table.Write(output);
    }

    private static (string Train, string Test, string Remark) Describe(NamedSet set, IReadOnlyList<string> folders)
    {
        try
        {
            (int train, int test, bool published) = Rows(set, folders);
            return (Text.Count(train), Text.Count(test), published ? "" : $"; not the {Text.Count(set.TrainRows)} and {Text.Count(set.TestRows)} rows published");
        }
        catch (ElboException)
        {
            return ("-", "-", $"; cannot be read: see 'elbo data info {set.Name}'");
        }
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<string> folders) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartArray("dataSets");
        foreach (NamedSet set in NamedSets.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", set.Name);
            try
            {
                (int train, int test, bool published) = Rows(set, folders);
                writer.WriteNumber("trainRows", train);
                writer.WriteNumber("testRows", test);
                writer.WriteBoolean("published", published);
            }
            catch (ElboException)
            {
                // Damaged files have no number of rows; 'elbo data info' says what is wrong with them.
                writer.WriteNull("trainRows");
                writer.WriteNull("testRows");
                writer.WriteBoolean("published", false);
            }

            writer.WriteNumbers("rowShape", set.RowShape.Select(static extent => (double)extent));
            writer.WriteBoolean("generated", set.IsGenerated);
            writer.WriteString("where", Place(set, folders));
            writer.WriteString("description", set.Description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
