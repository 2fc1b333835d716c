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
