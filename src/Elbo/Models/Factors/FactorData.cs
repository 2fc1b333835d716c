using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>Rows made ready for EM: grouped by what is observed, shifted by their columns' means.</summary>
/// <param name="Groups">The rows by pattern.</param>
/// <param name="Shift">The mean of the observed values of each column, <c>[D]</c>.</param>
/// <param name="Variance">Their variance, <c>[D]</c>.</param>
/// <param name="Total">The total weight.</param>
internal sealed record FactorData(IReadOnlyList<PatternGroup> Groups, double[] Shift, double[] Variance, double Total)
{
    public static FactorData Of(Observations rows, Runtime runtime)
    {
        Matrix values = rows.ToMatrix();
        (double[] mean, double[] variance) = FactorStart.ColumnMoments(values, rows.Weights, rows);
        return new FactorData(PatternGroup.Of(values, rows.Weights, mean, runtime), mean, variance, rows.TotalWeight);
    }

    public static FactorData Of(RowMoments moments)
    {
        double[] variance = new double[moments.Mean.Length];
        for (int i = 0; i < variance.Length; i++) variance[i] = moments.Covariance[i, i];
        return new FactorData([PatternGroup.Of(moments)], moments.Mean, variance, moments.TotalWeight);
    }

    /// <summary>The parameters for rows as they came.</summary>
    public FactorGaussian Unshift(FactorGaussian state)
    {
        double[] mean = [.. state.Mean];
        VectorMath.AddScaled(1, Shift, mean);
        return state with { Mean = mean };
    }

    /// <summary>Runs EM from every start and keeps the highest likelihood.</summary>
    public FitLoopResult<FactorGaussian> Run(
        FactorEm em, FactorModel? start, bool isotropic, int factors, Func<FactorGaussian, RowModel> model, FitOptions fit, Runtime runtime, CancellationToken cancellation)
    {
        FitLoopResult<FactorGaussian>? best = null;
        FactorGaussian first = start is null ? FactorStart.FromGroups(Groups, Variance, factors, isotropic, runtime) : start.Gaussian;
        if (start is not null)
        {
            double[] mean = [.. first.Mean];
            VectorMath.AddScaled(-1, Shift, mean);
            first = first with { Mean = mean };
        }

        for (int restart = 1; restart <= fit.Restarts; restart++)
        {
            int number = fit.FirstStart + restart - 1;
            FactorGaussian from = number == 1 ? first : Draw(new RandomStream(fit.Seed).Split((ulong)number), factors);
            FitLoopResult<FactorGaussian> result = FitLoop.Run(from, em.Step, state => model(Unshift(state)), fit, restart, cancellation);
            if (best is null || result.Bounds[^1] > best.Bounds[^1]) best = result;
            if (cancellation.IsCancellationRequested) break;
        }

        return best!;
    }

    /// <summary>Random loadings that explain about half of each column's variance.</summary>
    private FactorGaussian Draw(RandomStream random, int factors)
    {
        Matrix loadings = new(Variance.Length, factors);
        double[] noise = new double[Variance.Length];
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = 0.5 * Variance[i] + 1e-300;
            for (int k = 0; k < factors; k++) loadings[i, k] = Math.Sqrt(0.5 * Variance[i] / factors) * random.Normal((ulong)(i * factors + k));
        }

        return new FactorGaussian(new double[noise.Length], loadings, noise);
    }
}
