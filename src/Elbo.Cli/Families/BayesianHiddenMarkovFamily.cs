using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit bayesian-hmm</c>: hidden Markov models by mean-field inference.</summary>
internal sealed class BayesianHiddenMarkovFamily : Family
{
    private readonly Setting<SizeRange> states = Choices.Size("states", "The most hidden states; those that are not needed end up empty", 8);
    private readonly Setting<string> emission = Choices.Choice("emission", "What a state emits.", "gaussian", "gaussian", "bernoulli", "categorical", "poisson");
    private readonly Setting<string> covariance = Choices.Choice("covariance", "What the covariances of Gaussian emissions may be.", "full", "full", "tied", "diagonal", "spherical");
    private readonly Setting<double> transition = Choices.Number("transition-concentration", "The concentration of each transition probability; a small one empties states.", 1, 0, above: true);
    private readonly Setting<double> stay = Choices.Number("stay-concentration", "What is added to the concentration of staying in a state.", 0, 0);
    private readonly Setting<double> concentration = Choices.Number("emission-concentration", "The concentration of each category, or of ones and of zeros.", 1, 0, above: true);
    private readonly Setting<double> rateShape = Choices.Number("rate-shape", "The shape of the prior of Poisson rates, whose mean is the column's.", 1, 0, above: true);
    private readonly Setting<double> meanPrecision = Choices.Number("mean-precision", "How many rows the prior mean of Gaussian emissions is worth.", 1, 0, above: true);
    private readonly Setting<double?> degrees = Choices.OptionalNumber("degrees-of-freedom", "How many rows the prior covariance of Gaussian emissions is worth. [default: the number of columns]", 0, above: true);
    private readonly Setting<string?> known = KnownStateColumn.Setting();

    public override string Name => "bayesian-hmm";

    public override string Description => "A Bayesian hidden Markov model by coordinate ascent; it finds by itself how many states the data need.";

    public override IReadOnlyList<string> Examples =>
        ["elbo fit bayesian-hmm series.csv --states 8 --restarts 5", "elbo fit bayesian-hmm counts.csv --emission poisson --states 2..6 --sequence-column id"];

    public override IReadOnlyList<Setting> Settings => [emission, covariance, transition, stay, concentration, rateShape, meanPrecision, degrees, known];

    public override Setting<SizeRange> Size => states;

    public override IReadOnlyList<string> Criteria => ["elbo"];

    public override bool IsExact => false;

    public override bool IsSequential => true;

    public override bool TakesText(SettingValues values) => values.Get(emission) == "categorical";

    public override string? LabelColumn(SettingValues values) => values.Get(known);

    public override FitResult<RowModel> Fit(FamilyFit fit)
    {
        BayesianHiddenMarkovModel? start = (BayesianHiddenMarkovModel?)fit.Start;
        string family = start?.EmissionFamily ?? HiddenMarkovFamily.Wanted(fit.Values.Get(emission), fit.Values.Get(covariance));
        BayesianHiddenMarkovOptions options = new()
        {
            States = fit.Size,
            Emission = HiddenMarkovFamily.Kind(family),
            Covariance = HiddenMarkovFamily.Covariance(family),
            TransitionConcentration = fit.Values.Get(transition),
            StayConcentration = fit.Values.Get(stay),
            EmissionConcentration = fit.Values.Get(concentration),
            RateShape = fit.Values.Get(rateShape),
            MeanPrecision = fit.Values.Get(meanPrecision),
            DegreesOfFreedom = fit.Values.Get(degrees),
            StartModel = start,
        };
        return KnownStateColumn.Fit(fit, fit.Values.Get(known), states => BayesianHiddenMarkovModel.Fit(fit.Rows, options with { KnownStates = states }, fit.Options, fit.Runtime, fit.Cancellation).Untyped());
    }

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => BayesianHiddenMarkovModel.Load(definition, parameters);

    public override RowModel Start(SettingValues values, StartParameters parameters)
    {
        parameters.CheckKind(Name);
        return BayesianHiddenMarkovModel.Load(parameters.RequireDefinition(), parameters.Parameters);
    }

    public override int[] DecodeStates(RowModel model, Observations rows, Runtime runtime) =>
        ((BayesianHiddenMarkovModel)model).Predictive.DecodeStates(rows, byPosterior: false, runtime).States;

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        SequenceSections.Of(((BayesianHiddenMarkovModel)model).Predictive, rows, runtime);
}
