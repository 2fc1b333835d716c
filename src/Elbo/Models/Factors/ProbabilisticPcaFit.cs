using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>Fits <see cref="ProbabilisticPca"/>: in closed form (Tipping and Bishop 1999, equations 7 and 8), or by EM.</summary>
internal static class ProbabilisticPcaFit
{
    public static FitResult<ProbabilisticPca> Run(Observations rows, ProbabilisticPcaOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        fit.Check();
        options.Check(rows.Columns, rows.Name);
        if (rows.MayHaveMissing) return Iterate(FactorData.Of(rows, runtime), rows, options, fit, runtime, cancellation);
        RowMoments moments = RowMoments.Of(rows, runtime);
        return options.Iterate ? Iterate(FactorData.Of(moments), rows, options, fit, runtime, cancellation) : Solve(moments, rows, options, runtime);
    }

    /// <summary>W = U(Λ − σ²I)^½ with σ² the mean of the discarded eigenvalues of the covariance.</summary>
    private static FitResult<ProbabilisticPca> Solve(RowMoments moments, Observations rows, ProbabilisticPcaOptions options, Runtime runtime)
    {
        int columns = rows.Columns, factors = options.Factors;
        double variance = 0;
        for (int i = 0; i < columns; i++) variance += moments.Covariance[i, i];
        double floor = Floor(moments.Mean, variance / columns, options, rows);
        LeadingEigen leading = LeadingEigen.Of(moments.Covariance, factors, null, runtime, 1e-13);
        double rest = variance;
        foreach (double value in leading.Values) rest -= value;
        // With as many factors as columns nothing is discarded, and every σ² up to the last eigenvalue gives the same density.
        double noise = Math.Max(factors < columns ? rest / (columns - factors) : leading.Values[^1], floor);
        Matrix loadings = new(columns, factors);
        double bound = columns * Math.Log(2 * Math.PI) + (columns - factors) * Math.Log(noise) + rest / noise;
        for (int k = 0; k < factors; k++)
        {
            double kept = Math.Max(leading.Values[k], noise), length = Math.Sqrt(kept - noise);
            bound += Math.Log(kept) + leading.Values[k] / kept;
            for (int i = 0; i < columns; i++) loadings[i, k] = length * leading.Vectors[i, k];
        }

        ProbabilisticPca model = new(new FactorGaussian(moments.Mean, loadings, ProbabilisticPca.Same(noise, columns)));
        return new FitResult<ProbabilisticPca>(model, [-0.5 * bound], FitStop.ClosedForm, 0, "The maximum has a closed form." + AtFloor(noise, floor), moments.TotalWeight);
    }

    private static FitResult<ProbabilisticPca> Iterate(FactorData data, Observations rows, ProbabilisticPcaOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation)
    {
        double variance = 0;
        foreach (double value in data.Variance) variance += value / rows.Columns;
        double floor = Floor(data.Shift, variance, options, rows);
        FactorEm em = new(data.Groups, rows.Columns, options.Factors, isotropic: true, ProbabilisticPca.Same(floor, rows.Columns), data.Total, runtime);
        FitLoopResult<FactorGaussian> best = data.Run(em, options.Start, isotropic: true, options.Factors, state => new ProbabilisticPca(state), fit, runtime, cancellation);
        FactorGaussian state = Principal(data.Unshift(best.State));
        return new FitResult<ProbabilisticPca>(new ProbabilisticPca(state), best.Bounds, best.Stop, best.Iterations, best.Explanation + AtFloor(state.Noise[0], floor), data.Total);
    }

    /// <summary>The same density with orthogonal loadings, longest first, as the closed form has them.</summary>
    public static FactorGaussian Principal(FactorGaussian state)
    {
        SymmetricEigen eigen = SymmetricEigen.Of(state.Loadings.Transpose() * state.Loadings);
        Matrix turned = state.Loadings * eigen.Vectors;
        for (int k = 0; k < turned.Columns; k++)
        {
            double largest = 0;
            for (int i = 0; i < turned.Rows; i++)
                if (Math.Abs(turned[i, k]) > Math.Abs(largest)) largest = turned[i, k];
            for (int i = 0; i < turned.Rows && largest < 0; i++) turned[i, k] = -turned[i, k];
        }

        return state with { Loadings = turned };
    }

    private static double Floor(ReadOnlySpan<double> mean, double variance, ProbabilisticPcaOptions options, Observations rows)
    {
        double scale = 0;
        foreach (double value in mean) scale = Math.Max(scale, value * value);
        return variance > 1e-28 * scale && variance > 1e-300 ? options.NoiseFloor * variance
            : throw new ElboException($"All columns of '{rows.Name}' are constant, so the noise variance would be 0 and the density infinite; give rows that differ.");
    }

    private static string AtFloor(double noise, double floor) =>
        noise > floor ? "" : FormattableString.Invariant($" The noise variance ended at its floor, {floor:g3}: the rows lie in a space of as many dimensions as there are factors; use fewer.");
}
