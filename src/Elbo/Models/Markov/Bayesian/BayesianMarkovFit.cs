using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>One fit of a Bayesian hidden Markov model: checks the rows, makes the priors and starts, runs coordinate ascent.</summary>
internal sealed class BayesianMarkovFit
{
    /// <summary>Regularises the densities that a start is made of, in units of the mean variance of the columns: a state of a start may hold a single point.</summary>
    private const double StartRegularization = 1e-3;

    private readonly Observations rows;
    private readonly BayesianHiddenMarkovOptions options;
    private readonly FitOptions fit;
    private readonly ExpectationStep expectation;
    private readonly Func<int, BayesianMarkovState> start;
    private readonly double weight;

    public BayesianMarkovFit(Observations rows, BayesianHiddenMarkovOptions options, FitOptions fit, Runtime runtime)
    {
        this.rows = rows;
        this.options = options;
        this.fit = options.StartModel is null && options.StartPoint is null ? fit : fit with { Restarts = 1 };
        weight = rows.TotalWeight;
        KnownStates.Check(options.KnownStates, rows, options.States);
        expectation = new ExpectationStep(rows, options.KnownStates, null, runtime);
        start = options.StartModel is { } model ? WarmStart(model) : Starts(runtime);
    }

    public FitResult<BayesianHiddenMarkovModel> Run(CancellationToken cancellation)
    {
        FitLoopResult<BayesianMarkovState> best = Restarts.Run(start, Step, static state => new BayesianHiddenMarkovModel(state), fit, cancellation);
        return new FitResult<BayesianHiddenMarkovModel>(new BayesianHiddenMarkovModel(best.State), best.Bounds, best.Stop, best.Iterations, best.Explanation, weight);
    }

    private FitStep<BayesianMarkovState> Step(BayesianMarkovState state)
    {
        (BayesianMarkovBound bound, Chain chain, MarkovStatistics statistics) = state.Expect(expectation);
        return new FitStep<BayesianMarkovState>(bound.Total / weight, state.Next(chain, statistics));
    }

    private Func<int, BayesianMarkovState> WarmStart(BayesianHiddenMarkovModel model)
    {
        model.Predictive.Check(rows);
        return _ => model.State;
    }

    private Func<int, BayesianMarkovState> Starts(Runtime runtime)
    {
        ColumnSummary summary = ColumnSummary.Of(rows, runtime);
        double spread = 0;
        for (int d = 0; d < rows.Columns; d++) spread += summary.Variance(d) / rows.Columns;
        HiddenMarkovOptions plain = options.Plain() with { Regularization = StartRegularization * spread };
        EmissionPrior scale = EmissionPrior.Of(rows, plain, runtime);
        RandomStream random = new(fit.Seed);
        options.StartPoint?.Check(rows);
        HiddenMarkovModel first = options.StartPoint ?? HiddenMarkovStart.Draw(rows, plain, scale, random.Split(1));
        BayesianMarkovState prior = new(DirichletRows.Of(options.StartPrior()), DirichletRows.Of(options.TransitionPrior()), EmissionsOf(first.Emission, summary));
        return restart => First(prior, restart == 1 ? first : HiddenMarkovStart.Draw(rows, plain, scale, random.Split((ulong)restart)));
    }

    /// <summary>The posterior given the expectations of a model of fixed parameters.</summary>
    private BayesianMarkovState First(BayesianMarkovState prior, HiddenMarkovModel model)
    {
        Chain chain = model.Chain with { Densities = prior.Emissions.Given(model.Emission) };
        return prior.Next(chain, expectation.Run(chain));
    }

    private EmissionPosterior EmissionsOf(Emission emission, ColumnSummary summary) => options.Emission switch
    {
        EmissionKind.Gaussian => GaussianEmissionPosterior.Of(NormalWishartPrior.Of(Wishart(), summary), options.States),
        EmissionKind.Poisson => RatePosterior.Of(options.States, summary.Means.ToArray(), options.RateShape),
        EmissionKind.Bernoulli => CellPosterior.Of(true, options.States, [.. Enumerable.Repeat(2, rows.Columns)], options.EmissionConcentration),
        _ => CellPosterior.Of(false, options.States, ((CategoricalEmission)emission).Categories, options.EmissionConcentration),
    };

    private BayesianGaussianMixtureOptions Wishart() => new()
    {
        Covariance = options.Covariance,
        MeanPrior = options.MeanPrior,
        MeanPrecision = options.MeanPrecision,
        DegreesOfFreedom = options.DegreesOfFreedom,
        InverseScale = options.InverseScale,
    };
}
