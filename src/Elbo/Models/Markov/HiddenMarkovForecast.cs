using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What a hidden Markov model expects after the last row of a sequence.</summary>
public sealed class HiddenMarkovForecast
{
    private readonly HiddenMarkovModel model;

    internal HiddenMarkovForecast(HiddenMarkovModel model, Matrix states)
    {
        this.model = model;
        States = states;
        Matrix means = model.Emission.Means;
        Means = new Matrix(states.Rows, model.Columns);
        for (int h = 0; h < states.Rows; h++)
        {
            for (int k = 0; k < states.Columns; k++)
            {
                ReadOnlySpan<double> mean = means.Row(model.EmissionOf(k));
                for (int d = 0; d < mean.Length; d++) Means[h, d] += states[h, k] * mean[d];
            }
        }
    }

    /// <summary>p(z_T₊ₕ|x₁…x_T), <c>[steps, K]</c>: row 0 is one step ahead.</summary>
    public Matrix States { get; }

    /// <summary>E[x_T₊ₕ|x₁…x_T], <c>[steps, D]</c>.</summary>
    public Matrix Means { get; }

    /// <summary>ln p(x_T₊ₕ = x|x₁…x_T) of each row, in nats: the rows are alternatives, not a sequence.</summary>
    /// <param name="step">How many steps ahead, from 1.</param>
    /// <param name="rows">The values, NaN where missing.</param>
    /// <returns>One value per row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step was not forecast.</exception>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public double[] LogDensity(int step, Observations rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, States.Rows);
        Matrix densities = model.Emission.LogDensities(rows);
        double[] result = new double[densities.Rows], terms = new double[model.States];
        for (int t = 0; t < result.Length; t++)
        {
            for (int k = 0; k < terms.Length; k++) terms[k] = Math.Log(States[step - 1, k]) + densities[t, model.EmissionOf(k)];
            result[t] = VectorMath.LogSumExp(terms);
        }

        return result;
    }
}
