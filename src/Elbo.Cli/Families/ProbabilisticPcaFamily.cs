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

/// <summary><c>elbo fit ppca</c>: probabilistic principal component analysis.</summary>
internal sealed class ProbabilisticPcaFamily : Family
{
    private readonly Setting<SizeRange> factors = Choices.Size("factors", "How many factors", 2, 0);
    private readonly FlagSetting iterate = Choices.Flag("iterate", "Fit by EM even where the answer has a closed form.");
    private readonly Setting<double> floor = Choices.Number("noise-floor", "The least noise variance, as a share of the mean variance of the columns.", 1e-9, 0);

    public override string Name => "ppca";

    public override string Description => "Probabilistic PCA: in closed form, or by EM where values are missing.";

    public override IReadOnlyList<string> Examples => ["elbo fit ppca data.csv --factors 5", "elbo fit ppca data.csv --factors 1..20 --select bic"];

    public override IReadOnlyList<Setting> Settings => [iterate, floor];

    public override Setting<SizeRange> Size => factors;

    public override bool GoesOn => false;

    public override FitResult<RowModel> Fit(FamilyFit fit) => ProbabilisticPca.Fit(
        fit.Rows,
        new ProbabilisticPcaOptions { Factors = fit.Size, Iterate = fit.Values.Get(iterate), NoiseFloor = fit.Values.Get(floor), Start = (ProbabilisticPca?)fit.Start },
        fit.Options,
        fit.Runtime,
        fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => ProbabilisticPca.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return ProbabilisticPca.Load(parameters.RequireDefinition(), parameters.Parameters);
    }

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        FactorSections.Of((FactorModel)model, rows, runtime);
}
