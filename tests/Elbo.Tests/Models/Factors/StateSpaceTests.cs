using Elbo.Data;
using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;
using static Elbo.Tests.Graphs;
using static Elbo.Tests.Models.Factors.FactorProblems;

namespace Elbo.Tests.Models.Factors;

public sealed class StateSpaceTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void Densities_states_and_missing_values_are_those_of_the_joint_Gaussian(double missing)
    {
        StateSpaceModel model = Model();
        const int Length = 5;
        Matrix rows = Hide(model.Sample(Length, new RandomStream(61)), missing, 62);
        (double[] mean, Matrix covariance) = Joint(model, Length);
        double[] densities = LogDensity(model, Observe(rows), runtime);
        for (int t = 1; t <= Length; t++)
        {
            double[] prefix = [.. rows.Values.ToArray().Select((value, at) => at < t * 3 ? value : double.NaN)];
            Close(Marginal(prefix, mean.AsSpan(10), Part(covariance, 10, 15)), densities[..t].Sum(), 1e-10, $"the first {t} rows");
        }

        double[] expected = Conditional(rows.Values.ToArray(), mean, covariance);
        Close(expected[..10], model.Encode(Observe(rows), runtime).Values.ToArray(), 1e-9, "states");
        Matrix filled = model.Impute(Observe(rows), null, runtime);
        for (int i = 0; i < 15; i++) Close(double.IsNaN(rows.Values[i]) ? expected[10 + i] : rows.Values[i], filled.Values[i], 1e-9, $"value {i}");
    }

    [Fact]
    public void A_forecast_is_the_conditional_of_the_joint_Gaussian()
    {
        StateSpaceModel model = Model();
        Matrix rows = model.Sample(3, new RandomStream(63));
        (double[] mean, Matrix covariance) = Joint(model, 5);
        double[] values = [.. rows.Values.ToArray(), .. Enumerable.Repeat(double.NaN, 6)];
        double[] expected = Conditional(values, mean, covariance);
        (Matrix means, Matrix variances) = model.Forecast(Observe(rows), 2);
        Close(expected[(10 + 9)..], means.Values.ToArray(), 1e-9, "means");

        // The variance of a value given others: the log density of it at its conditional mean.
        for (int at = 9; at < 15; at++)
        {
            double before = Marginal(values, mean.AsSpan(10), Part(covariance, 10, 15));
            double[] with = [.. values];
            with[at] = expected[10 + at];
            Close(-0.5 * Math.Log(2 * Math.PI * variances.Values[at - 9]), Marginal(with, mean.AsSpan(10), Part(covariance, 10, 15)) - before, 1e-9, $"variance {at}");
        }
    }

    [Fact]
    public void Draws_of_missing_values_have_the_conditional_moments()
    {
        StateSpaceModel model = Model();
        const int Count = 6000, Length = 4;
        Matrix one = Hide(model.Sample(Length, new RandomStream(64)), 0.5, 65), many = new(Count * Length, 3);
        for (int i = 0; i < Count; i++) one.Values.CopyTo(many.Values[(i * Length * 3)..]);
        Observations rows = Observations.FromMatrix("rows", many, sequenceLengths: [.. Enumerable.Repeat(Length, Count)]);
        Matrix drawn = new(Count, Length * 3, model.Impute(rows, new RandomStream(66), runtime).Values.ToArray());
        (double[] sampleMean, Matrix sampleCovariance) = Moments(drawn);
        (double[] mean, Matrix covariance) = Joint(model, Length);
        double[] expected = Conditional(one.Values.ToArray(), mean, covariance);
        int[] missing = [.. Enumerable.Range(0, Length * 3).Where(i => double.IsNaN(one.Values[i]))];
        Assert.True(missing.Length >= 4);
        foreach (int a in missing)
        {
            Close(expected[Length * 2 + a], sampleMean[a], 0.08, $"mean {a}");
            foreach (int b in missing)
            {
                // Cov(a, b|x) by the rule of total covariance on the joint: solve with unit steps.
                double step = ConditionalCovariance(one.Values.ToArray(), mean, covariance, Length * 2, a, b);
                Close(step, sampleCovariance[a, b], 0.15, $"covariance {a}, {b}");
            }
        }
    }

    [Fact]
    public void EM_never_lowers_the_likelihood()
    {
        // FitLoop throws where the bound falls by more than rounding.
        for (int seed = 0; seed < 60; seed++)
        {
            RandomStream random = new RandomStream((ulong)seed).Split(3);
            int columns = 1 + (int)random.Integer(4, 0), states = 1 + (int)random.Integer(4, 1), first = 1 + (int)random.Integer(30, 2), second = 2 + (int)random.Integer(40, 3);
            Matrix rows = Rows(3000 + seed, first + second, columns, 1, missing: 0.3 * random.Uniform(4));
            for (int j = 0; j < columns; j++) (rows[first, j], rows[first + 1, j]) = (j + 0.3, j - 0.6);
            Observations observed = Observations.FromMatrix("rows", rows, sequenceLengths: seed % 3 == 0 ? null : [first, second]);
            IReadOnlyList<double> bounds = StateSpaceModel.Fit(observed, new StateSpaceOptions { States = states }, new FitOptions { MaxIterations = 25, Tolerance = 0, Restarts = 1 + seed % 2, Seed = (ulong)seed }, runtime).Bounds;
            for (int i = 1; i < bounds.Count; i++) Assert.True(bounds[i] >= bounds[i - 1] - 1e-9 * Math.Max(1, Math.Abs(bounds[i])), $"seed {seed}, iteration {i}: {bounds[i - 1]:R} to {bounds[i]:R}");
        }
    }

    [Fact]
    public void A_rotation_is_found_and_forecast()
    {
        // A damped rotation seen in one column: eigenvalues 0.98·exp(±0.3i), which two states but not one can follow.
        Matrix transition = Elbo.Numerics.Matrix.FromRows([0.98 * Math.Cos(0.3), -0.98 * Math.Sin(0.3)], [0.98 * Math.Sin(0.3), 0.98 * Math.Cos(0.3)]);
        Matrix noise = Elbo.Numerics.Matrix.Identity(2);
        noise[0, 0] = noise[1, 1] = 0.02;
        StateSpaceModel truth = new(transition, noise, Elbo.Numerics.Matrix.FromRows([1, 0]), [2], [0.05], [1, 0], Elbo.Numerics.Matrix.Identity(2));
        Matrix rows = Hide(truth.Sample(800, new RandomStream(67)), 0.1, 68);
        FitResult<StateSpaceModel> fit = StateSpaceModel.Fit(Observe(rows), new StateSpaceOptions { States = 2 }, new FitOptions { Tolerance = 1e-7, MaxIterations = 3000 }, runtime);
        Matrix found = fit.Model.Transition;
        double trace = found[0, 0] + found[1, 1], determinant = found[0, 0] * found[1, 1] - found[0, 1] * found[1, 0];
        Close(2 * 0.98 * Math.Cos(0.3), trace, 0.02, "trace");
        Close(0.98 * 0.98, determinant, 0.02, "determinant");
        Assert.True(fit.Elbo > LogDensity(truth, Observe(rows), runtime).Average(), "the maximum is above the truth");
        FitResult<StateSpaceModel> one = StateSpaceModel.Fit(Observe(rows), new StateSpaceOptions { States = 1 }, new FitOptions { MaxIterations = 300 }, runtime);
        Assert.True(fit.Bic < one.Bic);
    }

    [Fact]
    public void At_the_fit_the_gradient_vanishes()
    {
        Observations rows = Observations.FromMatrix("rows", Hide(Model().Sample(200, new RandomStream(69)), 0.1, 70), sequenceLengths: [50, 60, 90]);
        StateSpaceModel model = StateSpaceModel.Fit(rows, new StateSpaceOptions { States = 1 }, new FitOptions { Tolerance = 1e-13, MaxIterations = 20_000 }, runtime).Model;
        Assert.True(Likelihood(0, 0.05) < Likelihood(0, 0) - 1e-4);
        for (int parameter = 0; parameter < 10; parameter++)
        {
            double slope = (Likelihood(parameter, 1e-4) - Likelihood(parameter, -1e-4)) / 2e-4;
            Assert.True(Math.Abs(slope) < 2e-4, $"parameter {parameter}: {slope}");
        }

        double Likelihood(int parameter, double step)
        {
            Matrix transition = model.Transition, emission = model.Emission;
            double[] offset = model.Offset.ToArray(), noise = model.NoiseVariances.ToArray();
            if (parameter == 0) transition[0, 0] += step;
            else if (parameter < 4) emission[parameter - 1, 0] += step;
            else if (parameter < 7) offset[parameter - 4] += step;
            else noise[parameter - 7] += step;
            return LogDensity(new StateSpaceModel(transition, model.TransitionNoise, emission, offset, noise, model.Numbers.InitialMean, model.Numbers.InitialCovariance), rows, runtime).Average();
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_threads_and_a_saved_model_loads()
    {
        Observations rows = Observations.FromMatrix("rows", Hide(Model().Sample(120, new RandomStream(71)), 0.1, 72), sequenceLengths: [.. Enumerable.Repeat(10, 12)]);
        byte[][] all = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using Runtime own = new(threads);
            StateSpaceModel model = StateSpaceModel.Fit(rows, new StateSpaceOptions { States = 2 }, new FitOptions { MaxIterations = 4, Tolerance = 0 }, own).Model;
            StateSpaceModel loaded = StateSpaceModel.Load(model.Definition, new Dictionary<string, NumericArray>(model.Parameters));
            Assert.Equal(LogDensity(model, rows, own), LogDensity(loaded, rows, own));
            return (byte[])[.. model.Parameters.SelectMany(p => p.Value.Bytes.ToArray()), .. model.Impute(rows, new RandomStream(1), own).Values.ToArray().SelectMany(BitConverter.GetBytes)];
        })];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_in_a_sentence()
    {
        Matrix rows = Rows(73, 20, 3, 1);
        Refused(Observe(rows), new StateSpaceOptions { States = 0 }, "0 states");
        Refused(Observe(rows, new double[20].Select(_ => 1.0).ToArray()), new StateSpaceOptions(), "weights");
        Refused(Observe(rows), new StateSpaceOptions { States = 3, Start = Model() }, "3 columns and 2 states, and 3 and 3");
        for (int i = 0; i < 20; i++) rows[i, 2] = 4;
        Refused(Observe(rows), new StateSpaceOptions(), "constant at 4");
    }

    private void Refused(Observations rows, StateSpaceOptions options, string words) =>
        Assert.Contains(words, Assert.Throws<ElboException>(() => StateSpaceModel.Fit(rows, options, new FitOptions(), runtime)).Message, StringComparison.Ordinal);

    private static StateSpaceModel Model() => new(
        Elbo.Numerics.Matrix.FromRows([0.8, -0.3], [0.2, 0.7]),
        Elbo.Numerics.Matrix.FromRows([0.5, 0.1], [0.1, 0.4]),
        Elbo.Numerics.Matrix.FromRows([1, 0.5], [-0.4, 1.2], [0.3, 0.9]),
        [1, -2, 0.5], [0.3, 0.2, 0.6], [0.7, -0.2],
        Elbo.Numerics.Matrix.FromRows([1.2, 0.3], [0.3, 0.9]));

    private static Matrix Hide(Matrix rows, double share, int seed)
    {
        RandomStream random = new((ulong)seed);
        for (int i = 0; i < rows.Values.Length; i++)
            if (random.Uniform((ulong)i) < share) rows.Values[i] = double.NaN;
        return rows;
    }

    /// <summary>The mean and covariance of (z₁, …, z_T, x₁, …, x_T), by unrolling the definition.</summary>
    private static (double[] Mean, Matrix Covariance) Joint(StateSpaceModel model, int length)
    {
        int s = model.States, d = model.Columns, size = length * (s + d);
        // Every value is a linear map of the independent noises: z₁'s own, each step's, each value's.
        Matrix map = new(size, length * (s + d)), spread = new(length * (s + d), length * (s + d)), transition = model.Transition, emission = model.Emission;
        double[] mean = new double[size];
        for (int t = 0; t < length; t++)
        {
            Matrix noise = t == 0 ? model.Numbers.InitialCovariance : model.TransitionNoise;
            for (int i = 0; i < s; i++)
            {
                for (int j = 0; j < s; j++) spread[t * s + i, t * s + j] = noise[i, j];
                map[t * s + i, t * s + i] = 1;
                if (t == 0) mean[i] = model.Numbers.InitialMean[i];
                else
                {
                    for (int j = 0; j < s; j++)
                    {
                        mean[t * s + i] += transition[i, j] * mean[(t - 1) * s + j];
                        VectorMath.AddScaled(transition[i, j], map.Row((t - 1) * s + j), map.Row(t * s + i));
                    }
                }
            }

            for (int i = 0; i < d; i++)
            {
                int row = length * s + t * d + i;
                spread[row, row] = model.NoiseVariances[i];
                map[row, row] = 1;
                mean[row] = model.Offset[i];
                for (int j = 0; j < s; j++)
                {
                    mean[row] += emission[i, j] * mean[t * s + j];
                    VectorMath.AddScaled(emission[i, j], map.Row(t * s + j), map.Row(row));
                }
            }
        }

        return (mean, map * spread * map.Transpose());
    }

    private static Matrix Part(Matrix matrix, int first, int count)
    {
        Matrix part = new(count, count);
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++) part[i, j] = matrix[first + i, first + j];
        return part;
    }

    /// <summary>E[everything|the values that are not NaN].</summary>
    private static double[] Conditional(double[] values, double[] mean, Matrix covariance)
    {
        int offset = mean.Length - values.Length;
        int[] observed = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        double[] solved = [.. observed.Select(i => values[i] - mean[offset + i])];
        Factor(covariance, offset, observed).Solve(solved);
        return [.. mean.Select((value, i) => value + observed.Select((o, at) => covariance[i, offset + o] * solved[at]).Sum())];
    }

    private static double ConditionalCovariance(double[] values, double[] mean, Matrix covariance, int offset, int a, int b)
    {
        int[] observed = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        double[] solved = [.. observed.Select(o => covariance[offset + a, offset + o])];
        Factor(covariance, offset, observed).Solve(solved);
        return covariance[offset + a, offset + b] - observed.Select((o, at) => covariance[offset + b, offset + o] * solved[at]).Sum();
    }

    private static CholeskyFactor Factor(Matrix covariance, int offset, int[] observed)
    {
        Matrix part = new(observed.Length, observed.Length);
        for (int i = 0; i < observed.Length; i++)
            for (int j = 0; j < observed.Length; j++) part[i, j] = covariance[offset + observed[i], offset + observed[j]];
        return CholeskyFactor.TryFactor(part)!;
    }
}
