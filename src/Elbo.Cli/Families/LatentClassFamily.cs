using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit latent-class</c>: latent class analysis of categories.</summary>
internal sealed class LatentClassFamily() : MixtureFamily<LatentClassOptions>("classes", "The least that a probability may be.")
{
    public override string Name => "latent-class";

    public override string Description => "Latent class analysis: a mixture of independent categories by EM; equal rows are taken together.";

    public override IReadOnlyList<string> Examples => ["elbo fit latent-class survey.csv --classes 2", "elbo fit latent-class survey.csv --classes 1..5 --select bic --restarts 20"];

    public override bool TakesText(SettingValues values) => true;

    public override string? Note(LoadedObservations rows, SettingValues values)
    {
        // A question of a survey has few answers; a measurement has nearly as many values as rows.
        const int FewLevels = 30, RowsSeen = 10_000;
        Observations seen = rows.Rows;
        long count = Math.Min(RowsSeen, seen.Rows);
        HashSet<double>[] levels = [.. Enumerable.Range(0, seen.Columns).Select(static _ => new HashSet<double>())];
        double[] buffer = new double[seen.Columns];
        for (long row = 0; row < count; row++)
        {
            ReadOnlySpan<double> line = seen.Read(row, 1, buffer);
            for (int column = 0; column < line.Length; column++)
                if (!double.IsNaN(line[column])) levels[column].Add(line[column]);
        }

        int many = Array.FindIndex(levels, set => set.Count > FewLevels && set.Count * 4L >= count);
        return many < 0 ? null
            : $"Column '{seen.ColumnNames[many]}' has {levels[many].Count} different values in {count} rows, each with a probability of its own in every class; if it is a measurement, fit a gmm or a mixed-mixture";
    }

    public override FitResult<RowModel> Fit(FamilyFit fit) => LatentClassModel.Fit(fit.Rows, Common(new LatentClassOptions(), fit), fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => LatentClassModel.Load(definition, parameters);

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        [LevelProfiles((LatentClassModel)model, rows), .. MixtureSections.Of((MixtureModel)model, null, null, rows, runtime)];

    /// <summary>The probability of each level of each column in each class.</summary>
    private static HeatmapSection LevelProfiles(LatentClassModel model, LoadedObservations rows)
    {
        const int MostLines = 80;
        List<string> names = [];
        List<double> values = [];
        for (int column = 0; column < model.Columns && names.Count < MostLines; column++)
        {
            Matrix probabilities = model.Probabilities(column);
            for (int level = 0; level < probabilities.Columns; level++)
            {
                string name = rows.Rows.ColumnNames[column];
                names.Add($"{name} = {(rows.Categories?.GetValueOrDefault(name) is { } categories ? categories[(int)model.Levels.Values(column)[level]] : model.Levels.Names(column)[level])}");
                for (int k = 0; k < probabilities.Rows; k++) values.Add(probabilities[k, level]);
            }
        }

        return new HeatmapSection
        {
            Title = "Answers by class",
            Note = "How probable each value of each column is in each class.",
            RowNames = names,
            ColumnNames = model.CodeNames,
            ValueLabel = "probability",
            Values = values.ToArray(),
        };
    }
}
