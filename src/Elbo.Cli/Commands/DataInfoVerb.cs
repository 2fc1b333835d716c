using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo data info</c>: what a set, file or folder holds.</summary>
internal sealed class DataInfoVerb : Verb
{
    private readonly Argument<string> source = new("data") { Description = "A data set's name, a file or a folder." };
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<bool> json = CommonOptions.Json();

    public DataInfoVerb(Terminal terminal)
        : base("info", "Describe the rows of a data set, a file or a folder.", "elbo data info mnist", "elbo data info images.npy --json")
    {
        Add(source);
        Add(folder);
        Add(json);
        SetAction(parse =>
        {
            LoadedData data = DataSource.Load(parse.GetRequiredValue(source), new DataOptions { DataFolder = parse.GetValue(folder) });
            if (parse.GetValue(json)) WriteJson(terminal.Out, data);
            else WriteTable(terminal.Out, data);
        });
    }

    private static IEnumerable<(string Name, DataSet Rows)> Parts(LoadedData data)
    {
        yield return ("train", data.Train);
        if (data.Test is { } test) yield return ("test", test);
    }

    private static void WriteTable(TextWriter output, LoadedData data)
    {
        TextTable table = new();
        foreach ((string name, DataSet rows) in Parts(data))
        {
            table.Add($"{name} rows", Text.Count(rows.Rows));
            table.Add("  row", $"{Text.Extents(rows.RowShape.ToArray())} ({(rows.IsBytes ? "bytes, as 0 to 1" : "floats")}{(rows.IsImage ? ", images" : "")})");
            table.Add("  values", $"{Text.Number(rows.Range.Minimum)} to {Text.Number(rows.Range.Maximum)}, mean {Text.Number(rows.Mean().Average())}{Missing(rows)}");
            table.Add("  labels", rows.HasLabels ? string.Join(", ", LabelCounts(rows).Select(static label => $"{label.Name}: {Text.Count(label.Rows)}")) : "none");
            if (rows.Factors is { } factors) table.Add("  factors", string.Join(", ", factors.Names.Zip(factors.Sizes, static (factor, size) => $"{factor} ({size})")));
            table.Add("  SHA-256", rows.Fingerprint);
        }

        if (data.Verified is { } verified) table.Add("published", verified ? "yes: the files are those published" : "no: the files are not those published");
        table.Write(output);
    }

    private static string Missing(DataSet rows) => rows.Range.MissingValues == 0 ? "" : $", {Text.Count(rows.Range.MissingValues)} missing";

    private static IEnumerable<(string Name, int Rows)> LabelCounts(DataSet rows)
    {
        SortedDictionary<int, int> counts = [];
        foreach (int label in rows.Labels) counts[label] = counts.GetValueOrDefault(label) + 1;
        foreach ((int label, int count) in counts)
            yield return (label >= 0 && label < rows.LabelNames.Count ? rows.LabelNames[label] : label.ToString(System.Globalization.CultureInfo.InvariantCulture), count);
    }

    private static void WriteJson(TextWriter output, LoadedData data) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("name", data.Train.Name);
        if (data.Verified is { } verified) writer.WriteBoolean("published", verified);
        foreach ((string name, DataSet rows) in Parts(data))
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("rows", rows.Rows);
            writer.WriteNumbers("rowShape", rows.RowShape.ToArray().Select(static extent => (double)extent));
            writer.WriteString("type", rows.IsBytes ? "bytes" : "floats");
            writer.WriteFinite("minimum", rows.Range.Minimum);
            writer.WriteFinite("maximum", rows.Range.Maximum);
            writer.WriteFinite("mean", rows.Mean().Average());
            writer.WriteNumber("missingValues", rows.Range.MissingValues);
            if (rows.HasLabels)
            {
                writer.WriteStartObject("labels");
                foreach ((string label, int count) in LabelCounts(rows)) writer.WriteNumber(label, count);
                writer.WriteEndObject();
            }

            writer.WriteString("sha256", rows.Fingerprint);
            writer.WriteEndObject();
        }
    });
}
