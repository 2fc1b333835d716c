using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit bernoulli-mixture</c>: mixtures of independent zeros and ones.</summary>
internal sealed class BernoulliMixtureFamily() : MixtureFamily<BernoulliMixtureOptions>("components", "The least that a probability, or its complement, may be.")
{
    private readonly Setting<double?> threshold = Choices.OptionalNumber("threshold", "Take values from this on for 1 and those below for 0. [default: 0.5 for images, none for tables]", double.NegativeInfinity);

    public override string Name => "bernoulli-mixture";

    public override string Description => "A mixture of independent zeros and ones by EM; values may be missing.";

    public override IReadOnlyList<string> Examples => ["elbo fit bernoulli-mixture mnist --components 10", "elbo fit bernoulli-mixture answers.csv --components 1..8 --select bic"];

    protected override IReadOnlyList<Setting> Own => [threshold];

    /// <summary>Grey images become black and white.</summary>
    public override LoadedObservations Prepare(LoadedObservations rows, SettingValues values)
    {
        if ((values.Get(threshold) ?? (rows.IsImage ? 0.5 : null)) is not { } least) return rows;
        return rows with { Rows = rows.Rows.Map(value => value >= least ? 1 : 0) };
    }

    public override FitResult<RowModel> Fit(FamilyFit fit) => BernoulliMixture.Fit(fit.Rows, Common(new BernoulliMixtureOptions(), fit), fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => BernoulliMixture.Load(definition, parameters);

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, null, "probability of 1", rows, runtime);
}
