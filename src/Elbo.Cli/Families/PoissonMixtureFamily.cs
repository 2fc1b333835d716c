using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit poisson-mixture</c>: mixtures of independent counts.</summary>
internal sealed class PoissonMixtureFamily() : MixtureFamily<PoissonMixtureOptions>("components", "The least that a rate may be.")
{
    public override string Name => "poisson-mixture";

    public override string Description => "A mixture of independent Poisson counts by EM; values may be missing.";

    public override IReadOnlyList<string> Examples => ["elbo fit poisson-mixture counts.csv --components 3", "elbo fit poisson-mixture counts.csv --components 1..6 --select bic --restarts 5"];

    public override FitResult<RowModel> Fit(FamilyFit fit) => PoissonMixture.Fit(fit.Rows, Common(new PoissonMixtureOptions(), fit), fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => PoissonMixture.Load(definition, parameters);

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, null, "rate", rows, runtime);
}
