using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>
/// A linear-Gaussian state-space model of sequences: <c>z₁ ~ N(m, V)</c>, <c>zₜ = A zₜ₋₁ + N(0, Q)</c>, <c>xₜ = C zₜ + b + N(0, diag r)</c>. Densities, smoothed
/// states and missing values are exact, by the Kalman filter and smoother. Rows without sequences are one sequence. Immutable.
/// </summary>
public sealed class StateSpaceModel : RowModel
{
    private readonly StateSpaceParameters parameters;

    internal StateSpaceModel(StateSpaceParameters parameters)
    {
        this.parameters = parameters;
        CodeNames = [.. Enumerable.Range(0, parameters.States).Select(static index => $"state{index}")];
    }

    /// <summary>A model of given parameters.</summary>
    /// <param name="transition">A, <c>[S, S]</c>.</param>
    /// <param name="transitionNoise">Q, <c>[S, S]</c>, symmetric positive definite.</param>
    /// <param name="emission">C, <c>[D, S]</c>.</param>
    /// <param name="offset">b, <c>[D]</c>.</param>
    /// <param name="noiseVariances">r, <c>[D]</c>, positive.</param>
    /// <param name="initialMean">The mean of the first state, <c>[S]</c>.</param>
    /// <param name="initialCovariance">Its covariance, <c>[S, S]</c>, symmetric positive definite.</param>
    /// <exception cref="ElboException">The sizes do not agree, or a value is out of its range.</exception>
    public StateSpaceModel(
        Matrix transition, Matrix transitionNoise, Matrix emission, ReadOnlySpan<double> offset, ReadOnlySpan<double> noiseVariances, ReadOnlySpan<double> initialMean, Matrix initialCovariance)
        : this(StateSpaceDefinition.Check(transition, transitionNoise, emission, offset, noiseVariances, initialMean, initialCovariance))
    {
    }

    /// <inheritdoc/>
    public override string Kind => "state-space";

    /// <inheritdoc/>
    public override string Title => $"Linear-Gaussian state-space model, {States} state dimension{(States == 1 ? "" : "s")}";

    /// <summary>S.</summary>
    public int States => parameters.States;

    /// <inheritdoc/>
    public override int Columns => parameters.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames { get; }

    /// <summary>A, <c>[S, S]</c>: a copy.</summary>
    public Matrix Transition => parameters.Transition.Clone();

    /// <summary>Q, <c>[S, S]</c>: a copy.</summary>
    public Matrix TransitionNoise => parameters.TransitionNoise.Clone();

    /// <summary>C, <c>[D, S]</c>: a copy.</summary>
    public Matrix Emission => parameters.Emission.Loadings.Clone();

    /// <summary>b, <c>[D]</c>.</summary>
    public ReadOnlySpan<double> Offset => parameters.Emission.Mean;

    /// <summary>r, the noise variance of each column, <c>[D]</c>.</summary>
    public ReadOnlySpan<double> NoiseVariances => parameters.Emission.Noise;

    /// <summary>All parameters less the S² of the choice of coordinates for the state: <c>S(S + 1) + S + D(S + 2)</c>.</summary>
    public override long FreeParameters => (long)States * (States + 1) + States + (long)Columns * (States + 2);

    internal StateSpaceParameters Numbers => parameters;

    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime)
    {
        if (result.Length != Check(rows).Rows) throw new ArgumentException($"There is room for {result.Length} values, and {rows.Rows} rows.", nameof(result));
        double[] densities = new double[result.Length];
        Each(rows, runtime, (first, values, filter) => filter.Filter(values, densities.AsSpan(first, values.Length / Columns)));
        densities.CopyTo(result);
    }

    /// <summary>E[zₜ|the whole sequence], <c>[N, S]</c>.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Encode(Observations rows, Runtime runtime)
    {
        Matrix result = new(checked((int)Check(rows).Rows), States);
        Each(rows, runtime, (first, values, filter) =>
        {
            int length = values.Length / Columns;
            filter.Filter(values, []);
            for (int t = length - 2; t >= 0; t--) filter.Smooth(t);
            for (int t = 0; t < length; t++) filter.Mean(t).CopyTo(result.Row(first + t));
        });
        return result;
    }

    /// <summary>C·E[zₜ|the whole sequence] + b, <c>[N, D]</c>.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        Matrix codes = Encode(rows, runtime), result = new(codes.Rows, Columns);
        for (int t = 0; t < codes.Rows; t++) Emit(codes.Row(t), null, result.Row(t));
        return result;
    }

    /// <inheritdoc/>
    public override Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime)
    {
        Matrix values = Check(rows).ToMatrix(), result = draw is { } random ? Draw(rows, random, runtime) : Reconstruct(rows, runtime);
        for (int i = 0; i < values.Values.Length; i++)
            if (!double.IsNaN(values.Values[i])) result.Values[i] = values.Values[i];
        return result;
    }

    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Matrix result = new(count, Columns);
        Matrix first = CholeskyFactor.TryFactor(parameters.InitialCovariance)!.Lower, noise = CholeskyFactor.TryFactor(parameters.TransitionNoise)!.Lower;
        double[] state = new double[States], next = new double[States], normal = new double[States];
        for (int t = 0; t < count; t++)
        {
            RandomStream step = random.Split((ulong)t);
            step.Split(0).FillNormal(normal);
            for (int i = 0; i < States; i++)
                next[i] = t == 0 ? parameters.InitialMean[i] + VectorMath.Dot(first.Row(i), normal) : VectorMath.Dot(parameters.Transition.Row(i), state) + VectorMath.Dot(noise.Row(i), normal);
            (state, next) = (next, state);
            Emit(state, step.Split(1), result.Row(t));
        }

        return result;
    }

    /// <summary>The mean and variance of the rows that follow the last sequence, given all of it.</summary>
    /// <param name="rows">Sequences of D columns.</param>
    /// <param name="steps">How many rows to forecast, at least 1.</param>
    /// <returns>Means and variances, <c>[steps, D]</c> each.</returns>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public (Matrix Means, Matrix Variances) Forecast(Observations rows, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        int[] lengths = SequenceCuts.Lengths(Check(rows));
        int length = lengths[^1];
        double[] padded = new double[(length + steps) * Columns];
        Array.Fill(padded, double.NaN);
        rows.Read(rows.Rows - length, length, new double[length * Columns]).CopyTo(padded);
        KalmanFilter filter = new(parameters, length + steps);
        filter.Filter(padded, []);
        Matrix means = new(steps, Columns), variances = new(steps, Columns);
        double[] half = new double[States];
        for (int t = 0; t < steps; t++)
        {
            Emit(filter.Mean(length + t), null, means.Row(t));
            for (int j = 0; j < Columns; j++)
            {
                ReadOnlySpan<double> loadings = parameters.Emission.Loadings.Row(j);
                for (int i = 0; i < States; i++) half[i] = VectorMath.Dot(filter.Covariance(length + t).Slice(i * States, States), loadings);
                variances[t, j] = VectorMath.Dot(half, loadings) + parameters.Emission.Noise[j];
            }
        }

        return (means, variances);
    }

    /// <summary>Fits by EM.</summary>
    /// <param name="rows">Sequences of rows of D columns; values may be missing, rows have no weights.</param>
    /// <param name="options">The model.</param>
    /// <param name="fit">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">A column is constant or has no value, the rows have weights, or an option is out of range.</exception>
    public static FitResult<StateSpaceModel> Fit(Observations rows, StateSpaceOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        fit.Check();
        options.Check(rows.Columns);
        int[] lengths = SequenceCuts.Lengths(rows);
        Matrix values = rows.ToMatrix();
        (double[] mean, double[] variance) = FactorStart.ColumnMoments(values, default, rows);
        FactorStart.CheckVaries(mean, variance, rows);
        StateSpaceEm em = new(values, lengths, options.States, [.. variance.Select(value => options.NoiseFloor * value)], runtime);
        RandomStream random = new(fit.Seed);
        FitLoopResult<StateSpaceParameters> best = Restarts.Run(
            restart => restart > 1 ? StateSpaceStart.Draw(values.Columns, options.States, mean, variance, random.Split((ulong)restart))
                : options.Start?.Numbers ?? StateSpaceStart.Of(values, lengths, mean, variance, options.States, runtime),
            em.Step, static state => new StateSpaceModel(state), fit, cancellation);
        return new FitResult<StateSpaceModel>(new StateSpaceModel(best.State), best.Bounds, best.Stop, best.Iterations, best.Explanation, rows.Rows);
    }

    /// <summary>Makes a model from what <see cref="Definition"/> and <see cref="Parameters"/> said.</summary>
    /// <param name="definition">The sizes.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a model.</exception>
    public static StateSpaceModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => new(StateSpaceDefinition.Read(definition, parameters));

    /// <inheritdoc/>
    public override JsonElement Definition => JsonObjects.Write(writer =>
    {
        writer.WriteNumber("columns", Columns);
        writer.WriteNumber("states", States);
    });

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => StateSpaceDefinition.Write(parameters);

    /// <summary>Draws states given the sequences, last first, and rows given the states.</summary>
    private Matrix Draw(Observations rows, RandomStream random, Runtime runtime)
    {
        Matrix result = new(checked((int)rows.Rows), Columns);
        Each(rows, runtime, (first, values, filter) =>
        {
            int length = values.Length / Columns;
            filter.Filter(values, []);
            double[] state = new double[States], normal = new double[States], later = new double[States];
            Matrix spread = new(States, States);
            for (int t = length - 1; t >= 0; t--)
            {
                RandomStream step = random.Split((ulong)(first + t));
                step.Split(0).FillNormal(normal);
                filter.Mean(t).CopyTo(state);
                filter.Covariance(t).CopyTo(spread.Values);
                if (t < length - 1)
                {
                    filter.Regress(t);
                    VectorMath.AddScaled(-1, filter.PredictedMean, later);
                    Matrix turned = filter.Smoothing * filter.PredictedCovariance;
                    for (int i = 0; i < States; i++)
                    {
                        state[i] += VectorMath.Dot(filter.Smoothing.Row(i), later);
                        for (int j = 0; j < States; j++) spread[i, j] -= VectorMath.Dot(turned.Row(i), filter.Smoothing.Row(j));
                    }
                }

                // What is left of a state that the next one determines may be 0 to rounding.
                for (int i = 0; i < States; i++) spread[i, i] += 1e-12 * Math.Abs(filter.Covariance(t)[i * States + i]) + 1e-300;
                if (CholeskyFactor.TryFactor(spread) is { } factor)
                    for (int i = 0; i < States; i++) state[i] += VectorMath.Dot(factor.Lower.Row(i), normal);
                Emit(state, step.Split(1), result.Row(first + t));
                state.CopyTo(later, 0);
            }
        });
        return result;
    }

    private void Emit(ReadOnlySpan<double> state, RandomStream? noise, Span<double> row)
    {
        for (int j = 0; j < row.Length; j++)
            row[j] = parameters.Emission.Mean[j] + VectorMath.Dot(parameters.Emission.Loadings.Row(j), state) + (noise is { } random ? Math.Sqrt(parameters.Emission.Noise[j]) * random.Normal((ulong)j) : 0);
    }

    private Observations Check(Observations rows)
    {
        CheckColumns(rows);
        return rows;
    }

    private delegate void SequenceVisitor(int first, ReadOnlySpan<double> values, KalmanFilter filter);

    private void Each(Observations rows, Runtime runtime, SequenceVisitor visit)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        int[] lengths = SequenceCuts.Lengths(rows), starts = SequenceCuts.Starts(lengths);
        runtime.For(lengths.Length, (part, _) =>
            visit(starts[part], rows.Read(starts[part], lengths[part], new double[lengths[part] * Columns]), new KalmanFilter(parameters, lengths[part])));
    }
}
