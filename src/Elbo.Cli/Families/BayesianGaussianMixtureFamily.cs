using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit bayesian-gmm</c>: Gaussian mixtures by mean-field inference.</summary>
internal sealed class BayesianGaussianMixtureFamily : Family
{
    private readonly Setting<SizeRange> components = Choices.Size("components", "The most components; those that are not needed end up empty", 10);
    private readonly Setting<string> prior = Choices.Choice("prior", "The prior of the weights: one number for all, or a Dirichlet process by stick-breaking.", "dirichlet", "dirichlet", "dirichlet-process");
    private readonly Setting<double?> concentration = Choices.OptionalNumber("concentration", "The concentration of the weights; a small one empties components. [default: 1 / components]", 0, above: true);
    private readonly Setting<string> covariance = Choices.Choice("covariance", "What the covariances may be: each component its own matrix, all one, a variance per column, or one variance.", "full", "full", "tied", "diagonal", "spherical");
    private readonly Setting<double> meanPrecision = Choices.Number("mean-precision", "How many rows the prior mean is worth.", 1, 0, above: true);
    private readonly Setting<double?> degrees = Choices.OptionalNumber("degrees-of-freedom", "How many rows the prior covariance is worth. [default: the number of columns]", 0, above: true);
    private readonly FlagSetting prune = Choices.Flag("prune", "Take out components that are empty once the bound has settled.");
    private readonly Setting<string> init = Choices.Choice("init", "How a start is made.", "k-means", "k-means", "random-from-data", "random");
    private readonly FlagSetting online = Choices.Flag("online", "Update from batches of rows, by stochastic variational inference.");
    private readonly Setting<int> batchSize = Choices.Whole("batch-size", "Rows in a batch, with --online.", 256, 1);

    public override string Name => "bayesian-gmm";

    public override string Description => "A Bayesian Gaussian mixture by coordinate ascent; it finds by itself how many components the data need.";

    public override IReadOnlyList<string> Examples =>
        ["elbo fit bayesian-gmm data.csv --components 20", "elbo fit bayesian-gmm data.csv --components 20 --prior dirichlet-process --concentration 1 --prune"];

    public override IReadOnlyList<Setting> Settings => [prior, concentration, covariance, meanPrecision, degrees, prune, init, online, batchSize];

    public override Setting<SizeRange> Size => components;

    public override IReadOnlyList<string> Criteria => ["elbo"];

    public override bool IsExact => false;

    public override bool GoesOn => false;

    public override FitResult<RowModel> Fit(FamilyFit fit) => BayesianGaussianMixture.Fit(
        fit.Rows,
        new BayesianGaussianMixtureOptions
        {
            Components = fit.Size,
            Covariance = NamedEnumConverter<CovarianceKind>.Parse(fit.Values.Get(covariance)),
            WeightPrior = NamedEnumConverter<MixtureWeightPrior>.Parse(fit.Values.Get(prior)),
            WeightConcentration = fit.Values.Get(concentration),
            MeanPrecision = fit.Values.Get(meanPrecision),
            DegreesOfFreedom = fit.Values.Get(degrees),
            Prune = fit.Values.Get(prune),
            Start = NamedEnumConverter<StartMethod>.Parse(fit.Values.Get(init)),
            StartModel = (BayesianGaussianMixture?)fit.Start,
            Online = fit.Values.Get(online) ? new StochasticOptions { BatchSize = fit.Values.Get(batchSize) } : null,
        },
        fit.Options,
        fit.Runtime,
        fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => BayesianGaussianMixture.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return BayesianGaussianMixture.Load(parameters.RequireDefinition(), parameters.Parameters);
    }

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, component => MixtureSections.Covariance((MixtureModel)model, "covariances", component), "mean", rows, runtime);
}
