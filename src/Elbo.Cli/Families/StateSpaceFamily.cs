using System.Text.Json;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Models.Factors;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit state-space</c>: linear-Gaussian state-space models.</summary>
internal sealed class StateSpaceFamily : Family
{
    private readonly Setting<SizeRange> states = Choices.Size("states", "How many dimensions the state has", 2);
    private readonly Setting<double> floor = Choices.Number("noise-floor", "The least noise variance of a column, as a share of its variance.", 1e-6, 0);

    public override string Name => "state-space";

    public override string Description => "A linear-Gaussian state-space model by EM (Kalman smoother); sequences of any length, with gaps.";

    public override IReadOnlyList<string> Examples => ["elbo fit state-space series.csv --states 2", "elbo fit state-space series.csv --states 1..4 --sequence-column id"];

    public override IReadOnlyList<Setting> Settings => [floor];

    public override Setting<SizeRange> Size => states;

    public override bool IsSequential => true;

    public override bool GoesOn => false;

    public override FitResult<RowModel> Fit(FamilyFit fit) => StateSpaceModel.Fit(
        fit.Rows, new StateSpaceOptions { States = fit.Size, NoiseFloor = fit.Values.Get(floor), Start = (StateSpaceModel?)fit.Start }, fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => StateSpaceModel.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return StateSpaceModel.Load(parameters.RequireDefinition(), parameters.Parameters);
    }
}
