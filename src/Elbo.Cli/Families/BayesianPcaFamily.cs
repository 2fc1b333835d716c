using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit bayesian-pca</c>: principal components that find their own number.</summary>
internal sealed class BayesianPcaFamily : Family
{
    private readonly Setting<int?> factors = Choices.OptionalWhole("factors", "The most factors; those that are not needed are switched off. [default: one less than columns]", 1);

    public override string Name => "bayesian-pca";

    public override string Description => "Bayesian PCA with automatic relevance determination; it finds by itself how many factors the data need.";

    public override IReadOnlyList<string> Examples => ["elbo fit bayesian-pca data.csv", "elbo fit bayesian-pca data.csv --factors 10"];

    public override IReadOnlyList<Setting> Settings => [factors];

    public override bool IsExact => false;

    public override bool TakesStart => false;

    public override FitResult<RowModel> Fit(FamilyFit fit) => BayesianPca.Fit(
        fit.Rows, new BayesianPcaOptions { Factors = fit.Values.Get(factors) }, fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => BayesianPca.Load(definition, parameters);

    /// <summary>Noise and relevances are Gamma distributions.</summary>
    public override IReadOnlyList<IReadOnlyList<string>>? AxisNames(RowModel model, string parameter, IReadOnlyList<string> columns) => parameter switch
    {
        "noise" => [Gamma],
        "relevances" => [model.CodeNames, Gamma],
        _ => null,
    };

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime)
    {
        BayesianPca pca = (BayesianPca)model;
        BarsSection spectrum = new()
        {
            Title = "Relevance of factors",
            Note = "The variance that the fit found for the loadings of each factor: a factor that is not needed is switched off.",
            ValueLabel = "1 / expected precision of the loadings",
            Bars = [.. pca.Relevances.Select((relevance, factor) => new Bar { Name = pca.CodeNames[factor], Value = 1 / relevance.Mean })],
            Remark = $"{pca.ActiveFactors} of {pca.Factors} factors are active.",
        };
        return [spectrum, .. FactorSections.Of(pca, rows, runtime)];
    }
}
