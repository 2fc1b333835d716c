using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit gmm</c>: Gaussian mixtures.</summary>
internal sealed class GaussianMixtureFamily : Family
{
    private readonly Setting<SizeRange> components = Choices.Size("components", "How many components", 1);
    private readonly Setting<string> covariance = Choices.Choice("covariance", "What the covariances may be: each component its own matrix, all one, a variance per column, or one variance.", "full", "full", "tied", "diagonal", "spherical");
    private readonly Setting<double> regularization = Choices.Number("regularization", "What is added to each variance, in squared units of the columns.", 1e-6, 0);
    private readonly Setting<string> init = Choices.Choice("init", "How a start is made.", "k-means", "k-means", "random-from-data", "random");

    private readonly Setting<int?> miniBatch = Choices.OptionalWhole("mini-batch", "Go through the rows once in batches of this many before iterating over all of them: for data that few passes can be afforded of.", 1);

    public override string Name => "gmm";

    public override string Description => "A Gaussian mixture by EM; missing values are integrated out.";

    public override IReadOnlyList<string> Examples =>
    [
        "elbo fit gmm data.csv --components 4",
        "elbo fit gmm data.csv --components 1..10 --select bic --covariance full --restarts 10",
        "elbo fit gmm data.csv --components 4 --weights-column w --start parameters.json",
        "elbo fit gmm large.npy --components 16 --mini-batch 20000 --max-iterations 3",
    ];

    public override IReadOnlyList<Setting> Settings => [covariance, regularization, init, miniBatch];

    public override Setting<SizeRange> Size => components;

    public override bool CanAccelerate => true;

    public override IReadOnlyList<string> Criteria => ["bic", "aic", "icl"];

    public override FitResult<RowModel> Fit(FamilyFit fit) => GaussianMixture.Fit(
        fit.Rows,
        new GaussianMixtureOptions
        {
            Components = fit.Size,
            Covariance = Kind(fit.Values),
            Regularization = fit.Values.Get(regularization),
            Start = NamedEnumConverter<StartMethod>.Parse(fit.Values.Get(init)),
            StartModel = (GaussianMixture?)fit.Start,
            BatchRows = fit.Values.Get(miniBatch),
        },
        fit.Options,
        fit.Runtime,
        fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => GaussianMixture.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        CovarianceKind wanted = Kind(values);
        NumericArray means = parameters.Require("means", 2), covariances = parameters.Require("covariances", 1, 2, 3);
        int k = means.Shape[0], d = means.Shape[1];
        CovarianceKind[] given = [.. Enum.GetValues<CovarianceKind>().Where(kind => covariances.Shape.SequenceEqual(ShapeOf(kind, k, d)))];
        if (given.Length == 0)
            throw new ElboException($"'{parameters.Source}' has covariances of shape [{string.Join(", ", covariances.Shape.ToArray())}] for {k} means of {d} columns; give [K, D, D] (full), [D, D] (tied), [K, D] (diagonal) or [K] (spherical).");
        CovarianceKind declared = parameters.Definition is { ValueKind: JsonValueKind.Object } definition && definition.TryGetProperty("covariance", out JsonElement name)
            ? NamedEnumConverter<CovarianceKind>.Parse(name.GetString() ?? "") : given.Contains(wanted) ? wanted : given[0];
        if (declared != wanted)
            throw new ElboException($"'{parameters.Source}' has {NamedEnumConverter<CovarianceKind>.Name(declared)} covariances, and a fit with {NamedEnumConverter<CovarianceKind>.Name(wanted)} covariances was asked for; ask for the same with --covariance.");
        return GaussianMixture.Create(parameters.Require("weights", 1).ToDouble(), new Matrix(k, d, means.ToDouble()), covariances.ToDouble(), wanted, values.Get(regularization));
    }

    private static int[] ShapeOf(CovarianceKind kind, int k, int d) => kind switch
    {
        CovarianceKind.Full => [k, d, d],
        CovarianceKind.Tied => [d, d],
        CovarianceKind.Diagonal => [k, d],
        _ => [k],
    };

    private CovarianceKind Kind(SettingValues values) => NamedEnumConverter<CovarianceKind>.Parse(values.Get(covariance));

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, component => MixtureSections.Covariance((MixtureModel)model, "covariances", component), "mean", rows, runtime);
}
