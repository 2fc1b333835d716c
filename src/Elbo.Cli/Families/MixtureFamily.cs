using System.Text.Json;
using Elbo.Models;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary>What the mixtures fitted by EM share beside the Gaussian one: how many components, how they start, what their model is loaded from.</summary>
/// <typeparam name="TOptions">The library's options.</typeparam>
internal abstract class MixtureFamily<TOptions> : Family
    where TOptions : MixtureOptions
{
    private readonly Setting<double> regularization;
    private readonly Setting<string> init = Choices.Choice("init", "How a start is made.", "k-means", "k-means", "random-from-data", "random");

    protected MixtureFamily(string size, string regularized)
    {
        Size = Choices.Size(size, $"How many {size}", 2);
        regularization = Choices.Number("regularization", regularized, 1e-6, 0);
    }

    public override Setting<SizeRange> Size { get; }

    public override bool CanAccelerate => true;

    public override IReadOnlyList<string> Criteria => ["bic", "aic", "icl"];

    public override IReadOnlyList<Setting> Settings => [.. Own, regularization, init];

    /// <summary>The choices of this mixture alone.</summary>
    protected virtual IReadOnlyList<Setting> Own => [];

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return Load(parameters.RequireDefinition(), parameters.Parameters);
    }

    /// <summary>The options with what all mixtures have.</summary>
    protected TOptions Common(TOptions options, FamilyFit fit) => options with
    {
        Components = fit.Size,
        Regularization = fit.Values.Get(regularization),
        Start = NamedEnumConverter<StartMethod>.Parse(fit.Values.Get(init)),
        StartModel = (MixtureModel?)fit.Start,
    };
}
