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

/// <summary><c>elbo fit factor-analysis</c>: factor analysis, with rotations.</summary>
internal sealed class FactorAnalysisFamily : Family
{
    private readonly Setting<SizeRange> factors = Choices.Size("factors", "How many factors", 2, 0);
    private readonly Setting<string> rotation = Choices.Choice("rotation", "How the loadings are turned after the fit; the likelihood does not depend on it.", "none", "none", "varimax", "quartimax");
    private readonly Setting<double> floor = Choices.Number("noise-floor", "The least noise variance of a column, as a share of its variance.", 1e-6, 0);

    public override string Name => "factor-analysis";

    public override string Description => "Factor analysis by maximum likelihood; values may be missing.";

    public override IReadOnlyList<string> Examples => ["elbo fit factor-analysis data.csv --factors 5 --rotation varimax", "elbo fit factor-analysis data.csv --factors 1..8 --select bic"];

    public override IReadOnlyList<Setting> Settings => [rotation, floor];

    public override Setting<SizeRange> Size => factors;

    public override bool GoesOn => false;

    public override FitResult<RowModel> Fit(FamilyFit fit) => FactorAnalysis.Fit(
        fit.Rows,
        new FactorAnalysisOptions { Factors = fit.Size, Rotation = NamedEnumConverter<FactorRotation>.Parse(fit.Values.Get(rotation)), NoiseFloor = fit.Values.Get(floor), Start = (FactorAnalysis?)fit.Start },
        fit.Options,
        fit.Runtime,
        fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => FactorAnalysis.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return FactorAnalysis.Load(parameters.RequireDefinition(), parameters.Parameters);
    }

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        FactorSections.Of((FactorModel)model, rows, runtime);
}
