using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// q(W) q(μ) q(α) q(τ) of Bayesian PCA (Bishop, "Variational principal components", 1999): rows of W ~ N(·, Σ_W), μ ~ N(m, s²I). Each update is the best
/// factor given the others and the codes; all that they need of the rows is mean and covariance. Immutable.
/// </summary>
/// <param name="Loadings">E[W], <c>[D, Q]</c>.</param>
/// <param name="LoadingCovariance">Σ_W, <c>[Q, Q]</c>, the same for each row of W.</param>
/// <param name="Mean">m, <c>[D]</c>.</param>
/// <param name="MeanVariance">s².</param>
/// <param name="Relevances">q(α_q), <c>[Q]</c>.</param>
/// <param name="Noise">q(τ).</param>
internal sealed record BayesianPcaState(Matrix Loadings, Matrix LoadingCovariance, double[] Mean, double MeanVariance, GammaFactor[] Relevances, GammaFactor Noise)
{
    private int Columns => Loadings.Rows;

    private int Factors => Loadings.Columns;

    /// <summary>The principal components by maximum likelihood, nearly certain.</summary>
    public static BayesianPcaState Start(RowMoments rows, int factors, BayesianPcaOptions options)
    {
        int columns = rows.Mean.Length;
        SymmetricEigen eigen = SymmetricEigen.Of(rows.Covariance);
        double noise = 0;
        for (int i = factors; i < columns; i++) noise += Math.Max(0, eigen.Values[i]) / (columns - factors);
        noise = Math.Max(noise, 1e-10 * Math.Max(eigen.Values[0], 1e-300));
        Matrix loadings = new(columns, factors), covariance = new(factors, factors);
        for (int q = 0; q < factors; q++)
        {
            double length = Math.Sqrt(Math.Max(eigen.Values[q] - noise, 0));
            for (int d = 0; d < columns; d++) loadings[d, q] = eigen.Vectors[d, q] * length;
            covariance[q, q] = noise / rows.TotalWeight;
        }

        GammaFactor[] relevances = new GammaFactor[factors];
        GammaFactor precision = new(options.NoisePrior.Shape + 0.5 * rows.TotalWeight * columns, options.NoisePrior.Rate + 0.5 * rows.TotalWeight * columns * noise);
        return new BayesianPcaState(loadings, covariance, [.. rows.Mean], noise / rows.TotalWeight, relevances, precision).UpdateRelevances(options);
    }

    /// <summary>The best q(Z).</summary>
    public BayesianPcaCodes Codes()
    {
        Matrix precision = LoadingSquares();
        foreach (ref double value in precision.Values) value *= Noise.Mean;
        for (int q = 0; q < Factors; q++) precision[q, q] += 1;
        CholeskyFactor factor = Factor(precision);
        Matrix covariance = factor.Inverse(), gain = covariance * Loadings.Transpose();
        foreach (ref double value in gain.Values) value *= Noise.Mean;
        return new BayesianPcaCodes(gain, covariance, -factor.LogDeterminant, Mean);
    }

    /// <summary>All factors in turn, for the codes given.</summary>
    public BayesianPcaState Next(RowMoments rows, BayesianPcaCodes codes, BayesianPcaOptions options) =>
        UpdateLoadings(rows, codes).UpdateMean(rows, codes, options).UpdateRelevances(options).UpdateNoise(rows, codes, options);

    /// <summary>The best q(W).</summary>
    public BayesianPcaState UpdateLoadings(RowMoments rows, BayesianPcaCodes codes)
    {
        Matrix precision = codes.SecondMoment(rows);
        foreach (ref double value in precision.Values) value *= Noise.Mean;
        for (int q = 0; q < Factors; q++) precision[q, q] += Relevances[q].Mean;
        Matrix covariance = Factor(precision).Inverse(), loadings = codes.Cross(rows, Mean) * covariance;
        foreach (ref double value in loadings.Values) value *= Noise.Mean;
        return this with { Loadings = loadings, LoadingCovariance = covariance };
    }

    /// <summary>The best q(μ).</summary>
    public BayesianPcaState UpdateMean(RowMoments rows, BayesianPcaCodes codes, BayesianPcaOptions options)
    {
        double precision = options.MeanPrecision + rows.TotalWeight * Noise.Mean;
        double[] sum = codes.Sum(rows), mean = new double[Columns];
        for (int d = 0; d < Columns; d++)
            mean[d] = (options.MeanPrecision * Prior(rows, options, d) + Noise.Mean * (rows.TotalWeight * rows.Mean[d] - VectorMath.Dot(Loadings.Row(d), sum))) / precision;
        return this with { Mean = mean, MeanVariance = 1 / precision };
    }

    /// <summary>The best q(α).</summary>
    public BayesianPcaState UpdateRelevances(BayesianPcaOptions options)
    {
        Matrix squares = LoadingSquares();
        GammaFactor[] relevances = new GammaFactor[Factors];
        for (int q = 0; q < Factors; q++) relevances[q] = options.RelevancePrior.ObserveSquares(squares[q, q], Columns);
        return this with { Relevances = relevances };
    }

    /// <summary>The best q(τ).</summary>
    public BayesianPcaState UpdateNoise(RowMoments rows, BayesianPcaCodes codes, BayesianPcaOptions options) =>
        this with { Noise = options.NoisePrior.ObserveSquares(Residual(rows, codes), rows.TotalWeight * Columns) };

    /// <summary>E[ln p(X, Z, W, μ, α, τ)] − E[ln q] of any factors, in nats with every constant.</summary>
    public double Bound(RowMoments rows, BayesianPcaCodes codes, BayesianPcaOptions options)
    {
        double n = rows.TotalWeight, logTwoPi = Math.Log(2 * Math.PI);
        double bound = 0.5 * n * Columns * (Noise.MeanLog - logTwoPi) - 0.5 * Noise.Mean * Residual(rows, codes);
        Matrix codeSquares = codes.Squares(rows), loadingSquares = LoadingSquares();
        double trace = 0;
        for (int q = 0; q < Factors; q++) trace += n * codes.Covariance[q, q] + codeSquares[q, q];
        bound -= 0.5 * (trace - n * (Factors + codes.LogDeterminant));
        bound += 0.5 * Columns * (Factors + Factor(LoadingCovariance).LogDeterminant);
        for (int q = 0; q < Factors; q++)
            bound += 0.5 * (Columns * Relevances[q].MeanLog - Relevances[q].Mean * loadingSquares[q, q]) - Relevances[q].Kl(options.RelevancePrior);
        for (int d = 0; d < Columns; d++) bound -= new NormalFactor(Mean[d], 1 / MeanVariance).Kl(new NormalFactor(Prior(rows, options, d), options.MeanPrecision));
        return bound - Noise.Kl(options.NoisePrior);
    }

    /// <summary>E[WᵀW] = E[W]ᵀE[W] + DΣ_W, <c>[Q, Q]</c>.</summary>
    private Matrix LoadingSquares()
    {
        Matrix result = Loadings.Transpose() * Loadings;
        VectorMath.AddScaled(Columns, LoadingCovariance.Values, result.Values);
        return result;
    }

    /// <summary>Σₙ E‖xₙ − Wzₙ − μ‖².</summary>
    private double Residual(RowMoments rows, BayesianPcaCodes codes)
    {
        double total = Columns * MeanVariance;
        for (int d = 0; d < Columns; d++) total += rows.Covariance[d, d] + (rows.Mean[d] - Mean[d]) * (rows.Mean[d] - Mean[d]);
        total *= rows.TotalWeight;
        Matrix cross = codes.Cross(rows, Mean);
        total -= 2 * VectorMath.Dot(cross.Values, Loadings.Values);
        // tr(E[WᵀW] Σ E[zzᵀ]) of symmetric matrices is the sum of their products.
        total += VectorMath.Dot(LoadingSquares().Values, codes.SecondMoment(rows).Values);
        return Math.Max(0, total);
    }

    private static double Prior(RowMoments rows, BayesianPcaOptions options, int column) => options.MeanPrior is { } given ? given[column] : rows.Mean[column];

    private static CholeskyFactor Factor(Matrix matrix) => CholeskyFactor.TryFactor(matrix) ?? throw new ElboException("A covariance of Bayesian PCA is no longer positive definite; scale the columns to values near 1.");
}
