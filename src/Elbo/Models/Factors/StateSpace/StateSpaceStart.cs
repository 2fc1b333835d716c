using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// Starts of state-space models: the principal factors of each row joined with the rows before it are taken as states (as in subspace identification), and
/// regressions give the rest.
/// </summary>
internal static class StateSpaceStart
{
    public static StateSpaceParameters Of(Matrix rows, int[] lengths, double[] mean, double[] variance, int states, Runtime runtime)
    {
        int columns = rows.Columns, lags = Math.Max(1, (states + columns - 1) / columns) + (states > columns ? 1 : 0);
        int[] starts = SequenceCuts.Starts(lengths);
        Matrix joined = new(rows.Rows, columns * lags);
        for (int s = 0; s < lengths.Length; s++)
        {
            for (int t = 0; t < lengths[s]; t++)
            {
                Span<double> target = joined.Row(starts[s] + t);
                for (int lag = 0; lag < lags; lag++)
                    for (int j = 0; j < columns; j++) target[lag * columns + j] = t < lag ? double.NaN : (rows[starts[s] + t - lag, j] - mean[j]) / Math.Sqrt(variance[j]);
            }
        }

        // A lag that no sequence reaches says nothing.
        int reached = Math.Min(lags, lengths.Max());
        if (reached < lags || states > columns * reached) return Draw(columns, states, mean, variance, new RandomStream(0));
        Observations observed = Observations.FromMatrix("rows with lags", joined);
        ProbabilisticPca factors = ProbabilisticPca.Fit(observed, new ProbabilisticPcaOptions { Factors = states, NoiseFloor = 1e-3 }, new FitOptions { MaxIterations = 20 }, runtime).Model;
        return FromCodes(rows, lengths, factors.Encode(observed, runtime), mean, variance);
    }

    /// <summary>A random stable system.</summary>
    public static StateSpaceParameters Draw(int columns, int states, double[] mean, double[] variance, RandomStream random)
    {
        Matrix transition = new(states, states), loadings = new(columns, states), noise = Matrix.Identity(states);
        for (int i = 0; i < states; i++)
            for (int j = 0; j < states; j++) transition[i, j] = (i == j ? 0.8 : 0) + 0.2 / Math.Sqrt(states) * random.Normal((ulong)(i * states + j));
        RandomStream emission = random.Split(1);
        for (int j = 0; j < columns; j++)
            for (int k = 0; k < states; k++) loadings[j, k] = Math.Sqrt(0.3 * variance[j] / states) * emission.Normal((ulong)(j * states + k));
        for (int k = 0; k < states; k++) noise[k, k] = 0.36;
        return new StateSpaceParameters(transition, noise, new FactorGaussian([.. mean], loadings, [.. variance.Select(value => 0.5 * value)]), new double[states], Matrix.Identity(states));
    }

    private static StateSpaceParameters FromCodes(Matrix rows, int[] lengths, Matrix codes, double[] mean, double[] variance)
    {
        int columns = rows.Columns, states = codes.Columns, moments = states + 1, start = 0;
        Matrix before = new(states, states), cross = new(states, states), after = new(states, states);
        double[] sums = new double[FactorSums.Length(columns, states, true)], code = new double[moments], second = new double[moments * moments], values = new double[columns];
        FactorSums emission = new(sums, columns, states, true);
        int[] observed = new int[columns];
        code[states] = 1;
        foreach (int length in lengths)
        {
            for (int t = 0; t < length; t++)
            {
                codes.Row(start + t).CopyTo(code);
                int count = 0;
                for (int j = 0; j < columns; j++)
                {
                    if (double.IsNaN(rows[start + t, j])) continue;
                    observed[count] = j;
                    values[count++] = rows[start + t, j] - mean[j];
                }

                second.AsSpan().Clear();
                // The factors are estimates: some uncertainty keeps the regression regular.
                for (int i = 0; i < moments; i++)
                {
                    VectorMath.AddScaled(code[i], code, second.AsSpan(i * moments, moments));
                    if (i < states) second[i * moments + i] += 0.05;
                }

                emission.AddRow(observed.AsSpan(0, count), values.AsSpan(0, count), 1, code);
                emission.AddSecond(observed.AsSpan(0, count), second);
                if (t == 0) continue;
                ReadOnlySpan<double> last = codes.Row(start + t - 1), now = codes.Row(start + t);
                for (int i = 0; i < states; i++)
                {
                    VectorMath.AddScaled(last[i], last, before.Row(i));
                    VectorMath.AddScaled(now[i], last, cross.Row(i));
                    VectorMath.AddScaled(now[i], now, after.Row(i));
                }
            }

            start += length;
        }

        Matrix transition = new(states, states), noise = Matrix.Identity(states);
        int steps = rows.Rows - lengths.Length;
        for (int i = 0; i < states; i++) before[i, i] += 0.05 * Math.Max(steps, 1);
        CholeskyFactor factor = CholeskyFactor.TryFactor(before)!;
        for (int i = 0; i < states; i++)
        {
            cross.Row(i).CopyTo(transition.Row(i));
            factor.Solve(transition.Row(i));
            noise[i, i] = steps == 0 ? 1 : Math.Max((after[i, i] - VectorMath.Dot(transition.Row(i), cross.Row(i))) / steps, 0) + 0.05;
        }

        FactorRegression regression = emission.Regress(new FactorGaussian(mean, new Matrix(columns, states), variance));
        double[] offset = [.. mean];
        VectorMath.AddScaled(1, regression.Mean, offset);
        double[] floors = [.. variance.Select(value => 0.05 * value)];
        return new StateSpaceParameters(transition, noise, new FactorGaussian(offset, regression.Loadings, regression.OwnNoise(floors, variance)), new double[states], Matrix.Identity(states));
    }
}
