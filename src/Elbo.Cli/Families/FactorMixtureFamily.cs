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

/// <summary><c>elbo fit mixture-ppca</c> and <c>elbo fit mixture-factor-analysis</c>: mixtures of factor models.</summary>
internal sealed class FactorMixtureFamily : Family
{
    private readonly bool isPca;
    private readonly Setting<SizeRange> components = Choices.Size("components", "How many components", 2);
    private readonly Setting<int> factors = Choices.Whole("factors", "How many factors in each component.", 2, 0);
    private readonly Setting<string> noise = Choices.Choice("noise", "Whether each component has its own noise variances, or all share one set.", "diagonal", "diagonal", "shared");
    private readonly Setting<double> floor = Choices.Number("noise-floor", "The least noise variance, as a share of the variance over all rows.", 1e-4, 0);
    private readonly Setting<string> init = Choices.Choice("init", "How a start is made.", "k-means", "k-means", "random-from-data", "random");

    private FactorMixtureFamily(bool isPca) => this.isPca = isPca;

    /// <summary>Components with one noise variance.</summary>
    public static FactorMixtureFamily Pca() => new(true);

    /// <summary>Components with a noise variance per column.</summary>
    public static FactorMixtureFamily FactorAnalysis() => new(false);

    public override string Name => isPca ? "mixture-ppca" : "mixture-factor-analysis";

    public override string Description => isPca ? "A mixture of probabilistic PCA by EM." : "A mixture of factor analysers by EM.";

    public override IReadOnlyList<string> Examples => [$"elbo fit {Name} data.csv --components 3 --factors 2", $"elbo fit {Name} data.csv --components 1..6 --select bic --factors 2 --restarts 5"];

    public override IReadOnlyList<Setting> Settings => isPca ? [factors, floor, init] : [factors, noise, floor, init];

    public override Setting<SizeRange> Size => components;

    public override IReadOnlyList<string> Criteria => ["bic", "aic", "icl"];

    public override FitResult<RowModel> Fit(FamilyFit fit) => FactorMixture.Fit(
        fit.Rows,
        new FactorMixtureOptions
        {
            Components = fit.Size,
            Factors = ((FactorMixture?)fit.Start)?.Factors ?? fit.Values.Get(factors),
            Noise = isPca ? FactorNoise.Isotropic : NamedEnumConverter<FactorNoise>.Parse(fit.Values.Get(noise)),
            NoiseFloor = fit.Values.Get(floor),
            Start = NamedEnumConverter<StartMethod>.Parse(fit.Values.Get(init)),
            StartModel = (FactorMixture?)fit.Start,
        },
        fit.Options,
        fit.Runtime,
        fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => FactorMixture.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return FactorMixture.Load(parameters.RequireDefinition(), parameters.Parameters);
    }

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, component => ((FactorMixture)model).Component(component).Covariance(), "mean", rows, runtime);
}
