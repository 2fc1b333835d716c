using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>How state-space models are written, read and checked.</summary>
internal static class StateSpaceDefinition
{
    public static StateSpaceParameters Read(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int columns = FactorDefinition.Integer(definition, "columns", 1), states = FactorDefinition.Integer(definition, "states", 1);
        return Check(
            new Matrix(states, states, FactorDefinition.Values(parameters, "transition", states, states)),
            new Matrix(states, states, FactorDefinition.Values(parameters, "transitionNoise", states, states)),
            new Matrix(columns, states, FactorDefinition.Values(parameters, "emission", columns, states)),
            FactorDefinition.Values(parameters, "offset", columns),
            FactorDefinition.Values(parameters, "noiseVariances", columns),
            FactorDefinition.Values(parameters, "initialMean", states),
            new Matrix(states, states, FactorDefinition.Values(parameters, "initialCovariance", states, states)));
    }

    public static IReadOnlyList<KeyValuePair<string, NumericArray>> Write(StateSpaceParameters model)
    {
        int states = model.States;
        return
        [
            new("transition", NumericArray.From<double>(model.Transition.Values, states, states)),
            new("transitionNoise", NumericArray.From<double>(model.TransitionNoise.Values, states, states)),
            new("emission", NumericArray.From<double>(model.Emission.Loadings.Values, model.Columns, states)),
            new("offset", NumericArray.From<double>(model.Emission.Mean)),
            new("noiseVariances", NumericArray.From<double>(model.Emission.Noise)),
            new("initialMean", NumericArray.From<double>(model.InitialMean)),
            new("initialCovariance", NumericArray.From<double>(model.InitialCovariance.Values, states, states)),
        ];
    }

    public static StateSpaceParameters Check(
        Matrix transition, Matrix transitionNoise, Matrix emission, ReadOnlySpan<double> offset, ReadOnlySpan<double> noise, ReadOnlySpan<double> initialMean, Matrix initialCovariance)
    {
        ArgumentNullException.ThrowIfNull(transition);
        ArgumentNullException.ThrowIfNull(transitionNoise);
        ArgumentNullException.ThrowIfNull(emission);
        ArgumentNullException.ThrowIfNull(initialCovariance);
        int states = transition.Rows, columns = offset.Length;
        Size("transition", transition, states, states);
        Size("transition noise", transitionNoise, states, states);
        Size("emission", emission, columns, states);
        Size("initial covariance", initialCovariance, states, states);
        if (states < 1 || columns < 1 || noise.Length != columns || initialMean.Length != states)
            throw new ElboException($"{offset.Length} offsets, {noise.Length} noise variances and an initial mean of {initialMean.Length} values do not fit {states} states; give D, D and S.");
        Finite("offset", offset);
        Finite("initial mean", initialMean);
        FactorDefinition.CheckNoise(noise);
        Positive("transition noise", transitionNoise);
        Positive("initial covariance", initialCovariance);
        return new StateSpaceParameters(
            transition.Clone(), transitionNoise.Clone(), new FactorGaussian(offset.ToArray(), emission.Clone(), noise.ToArray()), initialMean.ToArray(), initialCovariance.Clone());
    }

    private static void Size(string name, Matrix matrix, int rows, int columns)
    {
        if (matrix.Rows != rows || matrix.Columns != columns) throw new ElboException($"The {name} has the shape [{matrix.Rows}, {matrix.Columns}], and [{rows}, {columns}] is expected.");
        Finite(name, matrix.Values);
    }

    private static void Finite(string name, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            if (!double.IsFinite(value)) throw new ElboException($"The {name} holds {value}; every parameter is a finite number.");
    }

    private static void Positive(string name, Matrix matrix)
    {
        for (int i = 0; i < matrix.Rows; i++)
            for (int j = 0; j < i; j++)
                if (!(Math.Abs(matrix[i, j] - matrix[j, i]) <= 1e-8 * Math.Sqrt(Math.Abs(matrix[i, i] * matrix[j, j])))) throw new ElboException($"The {name} is not symmetric at row {i}, column {j}.");
        if (CholeskyFactor.TryFactor(matrix) is null) throw new ElboException($"The {name} is not positive definite; give a covariance.");
    }
}
