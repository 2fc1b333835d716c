using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// The Kalman filter and the Rauch-Tung-Striebel smoother of one sequence. The noise of the observations is diagonal, so each observed value is a measurement of its own
/// (sequential processing): no matrix of size D is ever formed, and a missing value is a measurement left out.
/// </summary>
internal sealed class KalmanFilter
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly StateSpaceParameters model;
    private readonly int states;
    private readonly double[] means;
    private readonly double[] covariances;
    private readonly double[] gain;
    private readonly double[] half;
    private readonly double[] column;

    public KalmanFilter(StateSpaceParameters model, int length)
    {
        this.model = model;
        states = model.States;
        means = new double[length * states];
        covariances = new double[length * states * states];
        gain = new double[states];
        half = new double[states * states];
        column = new double[states];
        PredictedMean = new double[states];
        PredictedCovariance = new Matrix(states, states);
        Smoothing = new Matrix(states, states);
    }

    /// <summary>The state mean of a row: filtered after <see cref="Filter"/>.</summary>
    public Span<double> Mean(int row) => means.AsSpan(row * states, states);

    /// <summary>The state covariance of a row, <c>[S, S]</c>: filtered after <see cref="Filter"/>.</summary>
    public Span<double> Covariance(int row) => covariances.AsSpan(row * states * states, states * states);

    /// <summary>The mean of zₜ₊₁ by the last prediction, <c>[S]</c>.</summary>
    public double[] PredictedMean { get; }

    /// <summary>The covariance of zₜ₊₁ by the last prediction, <c>[S, S]</c>.</summary>
    public Matrix PredictedCovariance { get; }

    /// <summary>J = PₜAᵀ(Pₜ₊₁|ₜ)⁻¹ of the last <see cref="Regress"/>, <c>[S, S]</c>: E[zₜ|zₜ₊₁, x₁…xₜ] = mₜ + J(zₜ₊₁ − mₜ₊₁|ₜ).</summary>
    public Matrix Smoothing { get; }

    /// <summary>Filters a sequence.</summary>
    /// <param name="rows"><c>[length, D]</c>, NaN where missing.</param>
    /// <param name="densities">Room for ln p(xₜ|x₁…xₜ₋₁), <c>[length]</c>, or empty.</param>
    /// <returns>Their sum.</returns>
    public double Filter(ReadOnlySpan<double> rows, Span<double> densities)
    {
        int columns = model.Columns, length = rows.Length / columns;
        double total = 0;
        model.InitialMean.CopyTo(PredictedMean, 0);
        model.InitialCovariance.Values.CopyTo(PredictedCovariance.Values);
        for (int t = 0; t < length; t++)
        {
            if (t > 0) Predict(t - 1);
            PredictedMean.CopyTo(Mean(t));
            PredictedCovariance.Values.CopyTo(Covariance(t));
            double density = Update(t, rows.Slice(t * columns, columns));
            if (!densities.IsEmpty) densities[t] = density;
            total += density;
        }

        return total;
    }

    /// <summary>Predicts zₜ₊₁ from the filtered zₜ.</summary>
    public void Predict(int row)
    {
        ReadOnlySpan<double> mean = Mean(row), covariance = Covariance(row);
        Matrix a = model.Transition;
        for (int i = 0; i < states; i++)
        {
            PredictedMean[i] = VectorMath.Dot(a.Row(i), mean);
            for (int j = 0; j < states; j++) half[i * states + j] = VectorMath.Dot(a.Row(i), covariance.Slice(j * states, states));
        }

        for (int i = 0; i < states; i++)
            for (int j = 0; j <= i; j++) PredictedCovariance[i, j] = PredictedCovariance[j, i] = VectorMath.Dot(half.AsSpan(i * states, states), a.Row(j)) + model.TransitionNoise[i, j];
    }

    /// <summary>Predicts zₜ₊₁, and finds how zₜ regresses on it.</summary>
    public void Regress(int row)
    {
        Predict(row);
        CholeskyFactor factor = CholeskyFactor.TryFactor(PredictedCovariance)
            ?? throw new ElboException($"The covariance of the states became singular at row {row} of a sequence; use fewer states, or scale the columns to values near 1.");
        for (int j = 0; j < states; j++)
        {
            for (int i = 0; i < states; i++) column[i] = half[i * states + j];
            factor.Solve(column);
            column.CopyTo(Smoothing.Row(j));
        }
    }

    /// <summary>Turns the filtered moments of a row into those given the whole sequence, once those of the next row are.</summary>
    /// <param name="row">t; <see cref="Smoothing"/> is left at J.</param>
    public void Smooth(int row)
    {
        Regress(row);
        Span<double> mean = Mean(row), covariance = Covariance(row), later = Covariance(row + 1);
        Span<double> difference = column;
        Mean(row + 1).CopyTo(difference);
        VectorMath.AddScaled(-1, PredictedMean, difference);
        for (int i = 0; i < states; i++) mean[i] += VectorMath.Dot(Smoothing.Row(i), difference);
        VectorMath.AddScaled(-1, later, PredictedCovariance.Values);
        for (int i = 0; i < states; i++)
            for (int j = 0; j < states; j++) half[i * states + j] = -VectorMath.Dot(Smoothing.Row(i), PredictedCovariance.Row(j));
        for (int i = 0; i < states; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = covariance[i * states + j] + VectorMath.Dot(half.AsSpan(i * states, states), Smoothing.Row(j));
                covariance[i * states + j] = covariance[j * states + i] = value;
            }
        }
    }

    /// <summary>One measurement after the other: v = x − b − cᵀm, s = cᵀPc + r, m += Pc v/s, P −= Pc(Pc)ᵀ/s.</summary>
    private double Update(int row, ReadOnlySpan<double> values)
    {
        Span<double> mean = Mean(row), covariance = Covariance(row);
        FactorGaussian emission = model.Emission;
        double density = 0;
        for (int j = 0; j < values.Length; j++)
        {
            if (double.IsNaN(values[j])) continue;
            ReadOnlySpan<double> loadings = emission.Loadings.Row(j);
            for (int i = 0; i < states; i++) gain[i] = VectorMath.Dot(covariance.Slice(i * states, states), loadings);
            double spread = VectorMath.Dot(gain, loadings) + emission.Noise[j];
            double surprise = values[j] - emission.Mean[j] - VectorMath.Dot(loadings, mean);
            VectorMath.AddScaled(surprise / spread, gain, mean);
            for (int i = 0; i < states; i++) VectorMath.AddScaled(-gain[i] / spread, gain, covariance.Slice(i * states, states));
            density -= 0.5 * (LogTwoPi + Math.Log(spread) + surprise * surprise / spread);
        }

        return density;
    }
}
