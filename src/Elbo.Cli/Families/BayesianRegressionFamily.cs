using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit bayesian-regression</c>: linear regression that finds which columns matter.</summary>
internal sealed class BayesianRegressionFamily : Family
{
    private readonly Setting<string?> target = Choices.Text("target", "The column to predict.", "name");

    public BayesianRegressionFamily() => target.Option.Required = true;

    public override string Name => "bayesian-regression";

    public override string Description => "Bayesian linear regression with automatic relevance determination; 'elbo encode' gives predictions.";

    public override IReadOnlyList<string> Examples => ["elbo fit bayesian-regression data.csv --target y", "elbo fit bayesian-regression data.csv --target price --columns price,rooms,area"];

    public override IReadOnlyList<Setting> Settings => [target];

    public override bool IsExact => false;

    public override bool TakesStart => false;

    /// <summary>Rows to predict need not have the target.</summary>
    public override IReadOnlyList<string> OptionalColumns(SettingValues values) => values.Get(target) is { } name ? [name] : [];

    public override FitResult<RowModel> Fit(FamilyFit fit) => BayesianRegression.Fit(
        fit.Rows, new BayesianRegressionOptions { Target = fit.Values.Get(target) ?? "" }, fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => BayesianRegression.Load(definition, parameters);

    /// <summary>Weights belong to the inputs and the constant; noise and relevances are Gamma distributions.</summary>
    public override IReadOnlyList<IReadOnlyList<string>>? AxisNames(RowModel model, string parameter, IReadOnlyList<string> columns)
    {
        string[] weights = [.. Inputs((BayesianRegression)model, columns), "constant"];
        return parameter switch
        {
            "weights" => [weights],
            "weightCovariance" => [weights, weights],
            "noise" => [Gamma],
            "relevances" => [weights, Gamma],
            _ => [columns],
        };
    }

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime)
    {
        BayesianRegression regression = (BayesianRegression)model;
        Matrix covariance = regression.WeightCovariance;
        double noise = regression.Noise.Mean;
        string[] inputs = Inputs(regression, rows.Rows.ColumnNames);
        double[] weights = regression.Weights.ToArray();
        return
        [
            new BarsSection
            {
                Title = "Weights",
                Note = "By how much the prediction rises with each column; columns whose weight is no more than two standard deviations from 0 are faint.",
                ValueLabel = "weight",
                Bars = [.. inputs.Select((name, column) => new Bar { Name = name, Value = weights[column], Emphasized = Math.Abs(weights[column]) > 2 * Math.Sqrt(covariance[column, column] / noise) })],
                Sorted = false,
            },
            new BarsSection
            {
                Title = "Relevance",
                Note = "The scale that the fit found for each weight: a column that does not help is switched off.",
                ValueLabel = "1 / expected precision of the weight",
                Bars = [.. inputs.Select((name, column) => new Bar { Name = name, Value = 1 / regression.Relevances[column].Mean })],
            },
        ];
    }

    private static string[] Inputs(BayesianRegression regression, IReadOnlyList<string> columns) => [.. columns.Where((_, column) => column != regression.Target)];
}
