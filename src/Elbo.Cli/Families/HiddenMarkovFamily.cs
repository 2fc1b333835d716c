using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit hmm</c>: hidden Markov models.</summary>
internal sealed class HiddenMarkovFamily : Family
{
    private readonly Setting<SizeRange> states = Choices.Size("states", "How many hidden states", 2);
    private readonly Setting<string> emission = Choices.Choice("emission", "What a state emits.", "gaussian", "gaussian", "gaussian-mixture", "bernoulli", "categorical", "poisson");
    private readonly Setting<string> covariance = Choices.Choice("covariance", "What the covariances of Gaussian emissions may be.", "full", "full", "tied", "diagonal", "spherical");
    private readonly Setting<int> components = Choices.Whole("components", "How many Gaussians in the mixture of each state, with --emission gaussian-mixture.", 2, 1);
    private readonly Setting<double> regularization = Choices.Number("regularization", "What is added to each variance, in squared units of the columns.", 1e-6, 0);
    private readonly Setting<int?> leftToRight = Choices.OptionalWhole("left-to-right", "Never step back, begin in state 0, and step ahead by at most so many states at once.", 1);
    private readonly Setting<double> transitionCount = Choices.Number("transition-pseudo-count", "Transitions of each kind counted beside those of the data.", 0, 0);
    private readonly Setting<double> emissionRows = Choices.Number("emission-pseudo-rows", "Rows like the data as a whole that each state sees beside its own.", 0, 0);
    private readonly Setting<string?> known = KnownStateColumn.Setting();

    public override string Name => "hmm";

    public override string Description => "A hidden Markov model by Baum-Welch; sequences of any length, with gaps.";

    public override IReadOnlyList<string> Examples =>
    [
        "elbo fit hmm counts.csv --emission poisson --states 3 --sequence-column id",
        "elbo fit hmm series.csv --states 2..6 --select bic --covariance diagonal --restarts 5",
        "elbo fit hmm phones.csv --states 5 --left-to-right 1 --sequence-column utterance",
        "elbo fit hmm sleep.csv --states 4 --known-states stage",
    ];

    public override IReadOnlyList<Setting> Settings => [emission, covariance, components, regularization, leftToRight, transitionCount, emissionRows, known];

    public override Setting<SizeRange> Size => states;

    public override bool IsSequential => true;

    public override bool TakesText(SettingValues values) => values.Get(emission) == "categorical";

    public override string? LabelColumn(SettingValues values) => values.Get(known);

    public override FitResult<RowModel> Fit(FamilyFit fit)
    {
        HiddenMarkovModel? start = (HiddenMarkovModel?)fit.Start;
        string family = start?.Emission.Family ?? Wanted(fit.Values.Get(emission), fit.Values.Get(covariance));
        HiddenMarkovOptions options = new()
        {
            States = fit.Size,
            Emission = Kind(family),
            Covariance = Covariance(family),
            Components = start?.Emission is GaussianMixtureEmission mixture ? mixture.Components : fit.Values.Get(components),
            Regularization = fit.Values.Get(regularization),
            TransitionPseudoCount = fit.Values.Get(transitionCount),
            EmissionPseudoRows = fit.Values.Get(emissionRows),
            Initial = start,
        };
        if (fit.Values.Get(leftToRight) is { } step) options = options.LeftToRight(step);
        return KnownStateColumn.Fit(fit, fit.Values.Get(known), states => HiddenMarkovModel.Fit(fit.Rows, options with { KnownStates = states }, fit.Options, fit.Runtime, fit.Cancellation).Untyped());
    }

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => HiddenMarkovModel.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        HiddenMarkovModel model = HiddenMarkovModel.Load(parameters.RequireDefinition(), parameters.Parameters);
        bool asked = values.Has(emission) || values.Has(covariance);
        string wanted = Wanted(values.Get(emission), values.Get(covariance));
        if (asked && model.Emission.Family != wanted)
            throw new ElboException($"'{parameters.Source}' has emissions of the family '{model.Emission.Family}', and '{wanted}' was asked for; ask for the same with --emission and --covariance.");
        return model;
    }

    public override int[] DecodeStates(RowModel model, Observations rows, Runtime runtime) => ((HiddenMarkovModel)model).DecodeStates(rows, byPosterior: false, runtime).States;

    /// <summary>The emissions as a model calls them: <c>poisson</c>, <c>gaussian-full</c>, ….</summary>
    public static string Wanted(string emission, string covariance) => emission is "gaussian" or "gaussian-mixture" ? $"{emission}-{covariance}" : emission;

    /// <summary>The family's emissions of such a name.</summary>
    public static EmissionKind Kind(string family) =>
        family.StartsWith("gaussian-mixture", StringComparison.Ordinal) ? EmissionKind.GaussianMixture
        : family.StartsWith("gaussian", StringComparison.Ordinal) ? EmissionKind.Gaussian
        : NamedEnumConverter<EmissionKind>.Parse(family);

    /// <summary>The covariances in such a name.</summary>
    public static CovarianceKind Covariance(string family) =>
        family.StartsWith("gaussian", StringComparison.Ordinal) ? NamedEnumConverter<CovarianceKind>.Parse(family[(family.LastIndexOf('-') + 1)..]) : CovarianceKind.Full;

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        SequenceSections.Of((HiddenMarkovModel)model, rows, runtime);
}
