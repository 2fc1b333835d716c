using System.Text.Json.Nodes;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;
using Elbo.Report;
using Elbo.Training;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of training and of how to do it again.</summary>
internal static class TrainingSections
{
    /// <summary>The metrics over the epochs; null where there are none yet.</summary>
    public static CurvesSection? Curves(FittedRun run, RunSummary summary)
    {
        IReadOnlyList<EpochRecord> records = run.Folder.ReadMetrics();
        if (records.Count == 0) return null;
        string[] known = ["elbo", "reconstruction", "kl"];
        string[] others = [.. records[0].Training.Where(pair => pair.Value.Length == 1 && !known.Contains(pair.Key) && pair.Key != "objective").Select(static pair => pair.Key)];
        List<CurvePanel> panels = [];
        Add("elbo", "ELBO", "The evidence lower bound, whatever was trained: reconstruction minus KL.");
        Add("reconstruction", "Reconstruction", "How well rows are explained given their codes.");
        Add("kl", "KL", "How much the codes say about their rows.");
        foreach (string name in others) Add(name, name, null);
        panels.Add(new CurvePanel { Title = "Learning rate", Curves = [Curve("train", records, static record => record.LearningRate)] });
        return new CurvesSection
        {
            Title = "Training",
            Note = "Means per row in nats; higher is better. Training rows are measured while the parameters move.",
            Panels = panels,
            Marks = summary.BestEpoch is { } best && records.Any(static record => record.Validation is not null) ? [new CurveMark { X = best, Label = "best" }] : [],
        };

        void Add(string metric, string title, string? explanation)
        {
            if (!records[0].Training.ContainsKey(metric)) return;
            List<Curve> curves = [Curve("train", records, record => Scalar(record.Training, metric))];
            if (records.Any(static record => record.Validation is not null)) curves.Add(Curve("validation", [.. records.Where(static record => record.Validation is not null)], record => Scalar(record.Validation!, metric)));
            panels.Add(new CurvePanel { Title = title, Unit = known.Contains(metric) ? "nats per row" : null, Explanation = explanation, Curves = curves });
        }
    }

    /// <summary>The configuration and the machine.</summary>
    public static TableSection Tables(FittedRun run, RunSummary summary)
    {
        Recipe recipe = RecipePaths.Complete(run.Recipe);
        JsonObject document = (JsonObject)JsonNode.Parse(RecipeFile.Write(recipe))!;
        List<TableGroup> groups =
        [
            new TableGroup { Title = "Model", Entries = [.. Entries(document["model"]), new TableEntry("parameters", Text.Count(summary.Parameters))] },
            new TableGroup { Title = "Training", Entries = [.. Entries(document["training"])] },
            new TableGroup { Title = "Data", Entries = [.. Entries(document["data"])] },
        ];
        if (recipe.Made is { } made) groups.Add(Machine(made));

        return new TableSection { Title = "Configuration and machine", Groups = groups };
    }

    /// <summary>The machine that made a run.</summary>
    public static TableGroup Machine(MadeRecord made) => new()
    {
        Title = "Machine",
        Entries =
        [
            new TableEntry("processor", made.Processor),
            new TableEntry("threads", Text.Count(made.Threads)),
            new TableEntry("vectors", made.VectorBits == 0 ? "none" : $"{made.VectorBits} bits"),
            new TableEntry("system", made.System),
            new TableEntry(".NET", made.Runtime),
            new TableEntry("elbo", made.Version),
        ],
    };

    /// <summary>The command and the recipe.</summary>
    public static ReproductionSection Reproduction(FittedRun run) => new()
    {
        Title = "Make it again",
        Note = "The command makes the run again, to the same bytes on any machine of the same kind; the recipe in a file of its own does so too: elbo fit --recipe recipe.json.",
        Command = run.Recipe.Made?.Command ?? $"elbo fit --recipe {run.Folder.RecipePath}",
        Recipe = RecipeFile.Write(run.Recipe with { Made = null }),
    };

    private static Curve Curve(string name, IReadOnlyList<EpochRecord> records, Func<EpochRecord, double> value) => new()
    {
        Name = name,
        X = records.Select(static record => (double)record.Epoch).ToArray(),
        Y = records.Select(value).ToArray(),
    };

    private static double Scalar(IReadOnlyDictionary<string, double[]> metrics, string name) =>
        metrics.TryGetValue(name, out double[]? values) && values.Length == 1 ? values[0] : double.NaN;

    /// <summary>The values of a part of a recipe, in words.</summary>
    public static IEnumerable<TableEntry> Entries(JsonNode? group)
    {
        if (group is not JsonObject values) yield break;
        foreach ((string key, JsonNode? value) in values)
            if (value is not null && !(value is JsonArray { Count: 0 })) yield return new TableEntry(Words(key), Words(value));
    }

    private static string Words(JsonNode? value) => value switch
    {
        JsonObject group when group["kind"] is { } name => Named(name.ToString(), group),
        JsonObject group => string.Join(", ", group.Where(static pair => pair.Value is not null && !IsDefault(pair.Value)).Select(static pair => $"{Words(pair.Key)} {Words(pair.Value)}")),
        JsonArray list when list.All(static item => item is JsonValue) => string.Join("-", list.Select(static item => item!.ToString())),
        JsonArray list => string.Join("; ", list.Select(Words)),
        null => "",
        _ => value.ToString(),
    };

    private static string Named(string name, JsonObject group)
    {
        string[] options = [.. group.Where(static pair => pair.Key != "kind" && pair.Value is not null).Select(static pair => $"{Words(pair.Key)} {Words(pair.Value)}")];
        return options.Length == 0 ? name : $"{name} ({string.Join(", ", options)})";
    }

    /// <summary>Switches that are off say nothing.</summary>
    private static bool IsDefault(JsonNode value) => value.ToJsonString() is "false" or "0" or "\"none\"";

    /// <summary>Keys as words: <c>batchSize</c> is batch size.</summary>
    private static string Words(string key) => string.Concat(key.Select(static letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
