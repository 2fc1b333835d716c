using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// EM for linear-Gaussian state-space models (Shumway and Stoffer, 1982; Ghahramani and Hinton, "Parameter estimation for linear dynamical systems", 1996): the
/// smoother's moments, then regressions of xₜ and of zₜ on zₜ₋₁.
/// </summary>
/// <param name="rows">All rows, <c>[N, D]</c>, NaN where missing.</param>
/// <param name="lengths">The lengths of the sequences.</param>
/// <param name="states">S.</param>
/// <param name="floors">The least noise variance of each column, <c>[D]</c>.</param>
/// <param name="runtime">The threads.</param>
internal sealed class StateSpaceEm(Matrix rows, int[] lengths, int states, double[] floors, Runtime runtime)
{
    /// <summary>The least variance of a state's noise in any direction: with one sequence the likelihood is highest where the first state is known exactly.</summary>
    private const double StateFloor = 1e-8;

    private const int MaxParts = 32;

    private readonly bool missing = rows.Values.Contains(double.NaN);

    /// <summary>The likelihood of a state of the fit, in nats per row, and the state after one update.</summary>
    public FitStep<StateSpaceParameters> Step(StateSpaceParameters state)
    {
        int[] starts = SequenceCuts.Starts(lengths);
        int parts = Math.Min(lengths.Length, MaxParts);
        Sums[] sums = new Sums[parts];
        runtime.For(parts, (part, _) =>
        {
            Sums own = sums[part] = new Sums(rows.Columns, states, missing);
            for (int s = (int)((long)lengths.Length * part / parts); s < (long)lengths.Length * (part + 1) / parts; s++)
                own.Add(state, rows.Values.Slice(starts[s] * rows.Columns, lengths[s] * rows.Columns));
        });
        for (int part = 1; part < parts; part++) sums[0].Add(sums[part]);
        return new FitStep<StateSpaceParameters>(sums[0].LogLikelihood / rows.Rows, Maximize(state, sums[0]));
    }

    private StateSpaceParameters Maximize(StateSpaceParameters state, Sums sums)
    {
        FactorRegression regression = sums.Emission.Regress(state.Emission);
        double[] mean = [.. regression.Mean];
        for (int j = 0; j < mean.Length; j++)
            if (regression.Counts[j] == 0) mean[j] = state.Emission.Mean[j];
        FactorGaussian emission = new(mean, regression.Loadings, regression.OwnNoise(floors, state.Emission.Noise));
        double[] first = new double[states];
        Matrix spread = new(states, states);
        for (int i = 0; i < states; i++) first[i] = sums.First[i] / lengths.Length;
        for (int i = 0; i < states; i++)
            for (int j = 0; j < states; j++) spread[i, j] = sums.FirstSecond[i * states + j] / lengths.Length - first[i] * first[j];
        int steps = rows.Rows - lengths.Length;
        if (steps == 0) return state with { Emission = emission, InitialMean = first, InitialCovariance = Floored(spread) };
        CholeskyFactor before = CholeskyFactor.TryFactor(new Matrix(states, states, sums.Before))
            ?? throw new ElboException("The states became linearly dependent; use fewer states, or scale the columns to values near 1.");
        Matrix transition = new(states, states), noise = new(states, states);
        for (int i = 0; i < states; i++)
        {
            sums.Cross.AsSpan(i * states, states).CopyTo(transition.Row(i));
            before.Solve(transition.Row(i));
        }

        for (int i = 0; i < states; i++)
            for (int j = 0; j < states; j++) noise[i, j] = (sums.After[i * states + j] - VectorMath.Dot(transition.Row(i), sums.Cross.AsSpan(j * states, states))) / steps;
        return new StateSpaceParameters(transition, Floored(noise), emission, first, Floored(spread));
    }

    /// <summary>The maximum of −ln det V − tr(V⁻¹M) over V no smaller than the floor in any direction: M with its eigenvalues raised to it.</summary>
    private static Matrix Floored(Matrix covariance)
    {
        int n = covariance.Rows;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) covariance[i, j] = covariance[j, i] = 0.5 * (covariance[i, j] + covariance[j, i]);
        SymmetricEigen eigen = SymmetricEigen.Of(covariance);
        if (eigen.Values[^1] >= StateFloor) return covariance;
        Matrix result = new(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++) sum += Math.Max(eigen.Values[k], StateFloor) * eigen.Vectors[i, k] * eigen.Vectors[j, k];
                result[i, j] = result[j, i] = sum;
            }
        }

        return result;
    }

    /// <summary>The expected sums over some sequences.</summary>
    private sealed class Sums(int columns, int states, bool missing)
    {
        private readonly double[] emission = new double[FactorSums.Length(columns, states, missing)];

        public FactorSums Emission => new(emission, columns, states, missing);

        /// <summary>Σ E[z₁], <c>[S]</c>.</summary>
        public double[] First { get; } = new double[states];

        /// <summary>Σ E[z₁z₁ᵀ], <c>[S, S]</c>.</summary>
        public double[] FirstSecond { get; } = new double[states * states];

        /// <summary>Σ E[zₜ₋₁zₜ₋₁ᵀ] over transitions, <c>[S, S]</c>.</summary>
        public double[] Before { get; } = new double[states * states];

        /// <summary>Σ E[zₜzₜᵀ] over transitions, <c>[S, S]</c>.</summary>
        public double[] After { get; } = new double[states * states];

        /// <summary>Σ E[zₜzₜ₋₁ᵀ] over transitions, <c>[S, S]</c>.</summary>
        public double[] Cross { get; } = new double[states * states];

        public double LogLikelihood { get; private set; }

        public void Add(Sums other)
        {
            VectorMath.AddScaled(1, other.emission, emission);
            VectorMath.AddScaled(1, other.First, First);
            VectorMath.AddScaled(1, other.FirstSecond, FirstSecond);
            VectorMath.AddScaled(1, other.Before, Before);
            VectorMath.AddScaled(1, other.After, After);
            VectorMath.AddScaled(1, other.Cross, Cross);
            LogLikelihood += other.LogLikelihood;
        }

        public void Add(StateSpaceParameters model, ReadOnlySpan<double> sequence)
        {
            int length = sequence.Length / columns, moments = states + 1;
            KalmanFilter filter = new(model, length);
            LogLikelihood += filter.Filter(sequence, []);
            double[] second = new double[moments * moments], code = new double[moments], values = new double[columns];
            int[] observed = new int[columns];
            for (int t = length - 1; t >= 0; t--)
            {
                if (t < length - 1)
                {
                    filter.Smooth(t);
                    AddTransition(filter, t);
                }

                filter.Mean(t).CopyTo(code);
                code[states] = 1;
                int count = 0;
                for (int j = 0; j < columns; j++)
                {
                    double value = sequence[t * columns + j];
                    if (double.IsNaN(value)) continue;
                    observed[count] = j;
                    values[count++] = value;
                }

                second.AsSpan().Clear();
                for (int i = 0; i < states; i++) filter.Covariance(t).Slice(i * states, states).CopyTo(second.AsSpan(i * moments, states));
                for (int i = 0; i < moments; i++) VectorMath.AddScaled(code[i], code, second.AsSpan(i * moments, moments));
                Emission.AddRow(observed.AsSpan(0, count), values.AsSpan(0, count), 1, code);
                Emission.AddSecond(observed.AsSpan(0, count), second);
            }

            VectorMath.AddScaled(1, filter.Mean(0), First);
            AddProduct(filter, 0, FirstSecond);
        }

        /// <summary>Cov(zₜ₊₁, zₜ|x) = P̂ₜ₊₁Jᵀ, exactly.</summary>
        private void AddTransition(KalmanFilter filter, int t)
        {
            AddProduct(filter, t, Before);
            AddProduct(filter, t + 1, After);
            ReadOnlySpan<double> mean = filter.Mean(t), later = filter.Mean(t + 1), covariance = filter.Covariance(t + 1);
            for (int i = 0; i < states; i++)
                for (int j = 0; j < states; j++) Cross[i * states + j] += VectorMath.Dot(covariance.Slice(i * states, states), filter.Smoothing.Row(j)) + later[i] * mean[j];
        }

        private void AddProduct(KalmanFilter filter, int t, double[] sum)
        {
            VectorMath.AddScaled(1, filter.Covariance(t), sum);
            ReadOnlySpan<double> mean = filter.Mean(t);
            for (int i = 0; i < states; i++) VectorMath.AddScaled(mean[i], mean, sum.AsSpan(i * states, states));
        }
    }
}
