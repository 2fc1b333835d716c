using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

public sealed partial class HiddenMarkovModel
{
    /// <summary>Looks ahead from the last row of each sequence: <c>p(z_T₊ₕ|x₁…x_T) = p(z_T|x₁…x_T) Aʰ</c>.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="steps">How many steps ahead, at least 1.</param>
    /// <param name="runtime">The threads.</param>
    /// <returns>One forecast per sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public HiddenMarkovForecast[] Forecast(Observations rows, int steps, Runtime runtime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Check(rows);
        List<HiddenMarkovForecast> result = [];
        ChainPasses passes = new(this, rows, runtime);
        double[] padded = new double[passes.Arithmetic.Stride];
        foreach (ChainBatch batch in ChainBatch.Cut(rows))
        {
            passes.Run(batch, backward: false);
            for (int s = 0; s < batch.Sequences; s++)
            {
                passes.Arithmetic.Filtered(batch.Starts[s + 1] - 1, padded);
                Matrix states = new(1, States, padded[..States]), ahead = new(steps, States);
                for (int h = 0; h < steps; h++)
                {
                    states *= TransitionValues;
                    states.Row(0).CopyTo(ahead.Row(h));
                }

                result.Add(new HiddenMarkovForecast(this, ahead));
            }
        }

        return [.. result];
    }
}
