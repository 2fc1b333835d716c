using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>Fits <see cref="FactorAnalysis"/>.</summary>
internal static class FactorAnalysisFit
{
    public static FitResult<FactorAnalysis> Run(Observations rows, FactorAnalysisOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        fit.Check();
        options.Check(rows.Columns, rows.Name);
        return rows.MayHaveMissing ? Iterate(rows, options, fit, runtime, cancellation) : OnCovariance(RowMoments.Of(rows, runtime), rows, options, fit, runtime, cancellation);
    }

    private static FitResult<FactorAnalysis> OnCovariance(RowMoments moments, Observations rows, FactorAnalysisOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation)
    {
        double[] variance = new double[rows.Columns];
        for (int i = 0; i < variance.Length; i++) variance[i] = moments.Covariance[i, i];
        FactorStart.CheckVaries(moments.Mean, variance, rows);
        double[] floors = Floors(variance, options);
        CovarianceAscent ascent = new(moments, options.Factors, floors, runtime);
        FitLoopResult<CovarianceAscent.State>? best = null;
        for (int restart = 1; restart <= fit.Restarts; restart++)
        {
            int number = fit.FirstStart + restart - 1;
            double[] noise = number > 1 ? Draw(variance, new RandomStream(fit.Seed).Split((ulong)number))
                : options.StartNoise is { } given ? [.. given]
                : options.Start is { } start ? start.NoiseVariances.ToArray()
                : StartNoise(moments.Covariance, options.Factors);
            for (int i = 0; i < noise.Length; i++) noise[i] = Math.Max(noise[i], floors[i]);
            FitLoopResult<CovarianceAscent.State> result =
                FitLoop.Run(new CovarianceAscent.State(noise, null), ascent.Step, state => Model(ascent.Gaussian(state), floors, options), fit, restart, cancellation);
            if (best is null || result.Bounds[^1] > best.Bounds[^1]) best = result;
            if (cancellation.IsCancellationRequested) break;
        }

        return Result(best!, Model(ascent.Gaussian(best!.State), floors, options), rows, moments.TotalWeight);
    }

    private static FitResult<FactorAnalysis> Iterate(Observations rows, FactorAnalysisOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation)
    {
        FactorData data = FactorData.Of(rows, runtime);
        FactorStart.CheckVaries(data.Shift, data.Variance, rows);
        double[] floors = Floors(data.Variance, options);
        FactorEm em = new(data.Groups, rows.Columns, options.Factors, isotropic: false, floors, data.Total, runtime);
        FitLoopResult<FactorGaussian> best = data.Run(em, options.Start, isotropic: false, options.Factors, state => Model(state, floors, options), fit, runtime, cancellation);
        return Result(best, Model(data.Unshift(best.State), floors, options), rows, data.Total);
    }

    private static FitResult<FactorAnalysis> Result<TState>(FitLoopResult<TState> loop, FactorAnalysis model, Observations rows, double total)
    {
        string explanation = loop.Explanation;
        if (model.HeywoodColumns.Count > 0)
        {
            string names = string.Join(", ", model.HeywoodColumns.Take(8).Select(column => $"'{rows.ColumnNames[column]}'"));
            string more = model.HeywoodColumns.Count > 8 ? $" and {model.HeywoodColumns.Count - 8} more" : "";
            explanation += $" The noise variance of {names}{more} ended at its floor (Heywood case): the factors explain the column wholly; use fewer factors, or raise the noise floor.";
        }

        return new FitResult<FactorAnalysis>(model, loop.Bounds, loop.Stop, loop.Iterations, explanation, total);
    }

    private static FactorAnalysis Model(FactorGaussian state, double[] floors, FactorAnalysisOptions options)
    {
        int[] heywood = [.. Enumerable.Range(0, floors.Length).Where(i => state.Noise[i] <= floors[i])];
        Matrix loadings = options.Rotation == FactorRotation.None ? Canonical(state) : Orthomax.Rotate(state.Loadings, options.Rotation);
        return new FactorAnalysis(state with { Loadings = loadings }, options.Rotation, heywood);
    }

    /// <summary>The rotation in which WᵀΨ⁻¹W is diagonal, largest first.</summary>
    private static Matrix Canonical(FactorGaussian state)
    {
        Matrix scaled = state.Loadings.Clone();
        for (int i = 0; i < scaled.Rows; i++)
            foreach (ref double value in scaled.Row(i)) value /= Math.Sqrt(state.Noise[i]);
        Matrix turned = ProbabilisticPcaFit.Principal(state with { Loadings = scaled }).Loadings;
        for (int i = 0; i < turned.Rows; i++)
            foreach (ref double value in turned.Row(i)) value *= Math.Sqrt(state.Noise[i]);
        return turned;
    }

    private static double[] Floors(double[] variance, FactorAnalysisOptions options)
    {
        double[] floors = new double[variance.Length];
        for (int i = 0; i < floors.Length; i++) floors[i] = options.NoiseFloor * variance[i];
        return floors;
    }

    /// <summary>(1 − Q/2D) / (S⁻¹)ᵢᵢ, what each column keeps once the others predict it (Jöreskog, 1967); half its variance where S cannot be inverted.</summary>
    private static double[] StartNoise(Matrix covariance, int factors)
    {
        int columns = covariance.Rows;
        double[] noise = new double[columns];
        Matrix correlation = new(columns, columns);
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < columns; j++) correlation[i, j] = covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]);
        Matrix? inverse = CholeskyFactor.TryFactor(correlation)?.Inverse();
        for (int i = 0; i < columns; i++)
        {
            double share = inverse is null ? 0.5 : Math.Clamp((1 - 0.5 * factors / columns) / inverse[i, i], 1e-3, 1);
            noise[i] = covariance[i, i] * share;
        }

        return noise;
    }

    private static double[] Draw(double[] variance, RandomStream random)
    {
        double[] noise = new double[variance.Length];
        for (int i = 0; i < noise.Length; i++) noise[i] = variance[i] * (0.05 + 0.9 * random.Uniform((ulong)i));
        return noise;
    }
}
