using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

public sealed partial class BayesianHiddenMarkovModel
{
    /// <inheritdoc/>
    public override JsonElement Definition => JsonObjects.Write(writer =>
    {
        writer.WriteNumber("states", States);
        writer.WriteNumber("columns", Columns);
        writer.WriteString("emission", EmissionFamily);
        State.Emissions.WriteDefinition(writer);
    });

    /// <summary>
    /// <c>start</c> E[π] <c>[K]</c>, <c>transitions</c> E[A] <c>[K, K]</c>; <c>startConcentrations</c>, <c>transitionConcentrations</c>, and of the prior <c>startPrior</c> and
    /// <c>transitionPrior</c>; and those of the emissions, as of a Bayesian Gaussian mixture, or <c>probabilities</c>, <c>emissionConcentrations</c> and <c>emissionPrior</c>, or
    /// <c>rates</c>, <c>rateShapes</c> and <c>rateExposures</c> with their priors.
    /// </summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new("start", NumericArray.From(Predictive.Start)),
        new("transitions", NumericArray.From<double>(Predictive.TransitionValues.Values, States, States)),
        .. State.Emissions.Parameters,
        new("startConcentrations", NumericArray.From<double>(State.Starts.Concentrations.Values, States)),
        new("transitionConcentrations", NumericArray.From<double>(State.Transitions.Concentrations.Values, States, States)),
        new("startPrior", NumericArray.From<double>(State.Starts.Prior.Values, States)),
        new("transitionPrior", NumericArray.From<double>(State.Transitions.Prior.Values, States, States)),
    ];

    /// <summary>Reads a model.</summary>
    /// <param name="definition">What <see cref="Definition"/> gave.</param>
    /// <param name="parameters">What <see cref="Parameters"/> gave.</param>
    /// <exception cref="ElboException">Something is missing, has the wrong shape, or is out of its range.</exception>
    public static BayesianHiddenMarkovModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int states = MixtureDefinition.Integer(definition, "states"), columns = MixtureDefinition.Integer(definition, "columns");
        (EmissionKind kind, CovarianceKind covariance) = EmissionFamilies.Parse(MixtureDefinition.Text(definition, "emission"));
        EmissionPosterior emissions = kind switch
        {
            EmissionKind.Gaussian => Gaussian(covariance, states, columns, parameters),
            EmissionKind.Poisson => RatePosterior.Load(states, columns, parameters),
            EmissionKind.Bernoulli or EmissionKind.Categorical => CellPosterior.Load(kind == EmissionKind.Bernoulli, states, columns, definition, parameters),
            _ => throw new ElboException("Mixtures of Gaussians are no emissions of a Bayesian hidden Markov model."),
        };
        DirichletRows starts = Rows("start", 1, states, parameters, states), transitions = Rows("transition", states, states, parameters, states, states);
        return new BayesianHiddenMarkovModel(new BayesianMarkovState(starts, transitions, emissions));
    }

    private static GaussianEmissionPosterior Gaussian(CovarianceKind covariance, int states, int columns, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        (NormalWishartPrior prior, NormalWishartPosterior posterior) = NormalWishartStorage.Load(covariance, states, columns, parameters);
        return new GaussianEmissionPosterior(prior, posterior);
    }

    private static DirichletRows Rows(string name, int rows, int columns, IReadOnlyDictionary<string, NumericArray> parameters, params int[] shape)
    {
        Matrix prior = new(rows, columns, MixtureDefinition.Values(parameters, $"{name}Prior", shape));
        Matrix concentrations = new(rows, columns, MixtureDefinition.Values(parameters, $"{name}Concentrations", shape));
        for (int i = 0; i < rows; i++)
        {
            if (!prior.Row(i).ContainsAnyExcept(0)) throw new ElboException($"The parameter '{name}Prior' has a row without a positive concentration.");
            for (int j = 0; j < columns; j++)
            {
                if (prior[i, j] < 0 || (prior[i, j] > 0) != (concentrations[i, j] > 0))
                    throw new ElboException(FormattableString.Invariant($"The parameters '{name}Concentrations' and '{name}Prior' hold {concentrations[i, j]} and {prior[i, j]}; concentrations are positive, or both 0 where a step is impossible."));
            }
        }

        return new DirichletRows(prior, concentrations);
    }
}
