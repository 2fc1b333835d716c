using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What rows say to a regression: their number, and the cross products of the columns about their means, inputs first and the target last.</summary>
/// <param name="Count">N.</param>
/// <param name="Inputs">XᵀX, <c>[P, P]</c>; the constant, last, crosses no centred column.</param>
/// <param name="Cross">Xᵀy, <c>[P]</c>.</param>
/// <param name="Square">yᵀy.</param>
internal sealed record RegressionSums(double Count, Matrix Inputs, double[] Cross, double Square);

/// <summary>
/// q(w, τ) q(α) of a regression: q(w|τ) = N(m, V/τ), q(τ) = Gamma(a, b), q(αⱼ) = Gamma(c, dⱼ) (Drugowitsch, "Variational Bayesian inference for linear and
/// logistic regression", 2013, section 2.3). Immutable.
/// </summary>
/// <param name="Mean">m, <c>[P]</c>.</param>
/// <param name="Covariance">V, <c>[P, P]</c>.</param>
/// <param name="Noise">q(τ).</param>
/// <param name="Relevances">q(αⱼ), <c>[P]</c>.</param>
internal sealed record RegressionState(double[] Mean, Matrix Covariance, GammaFactor Noise, GammaFactor[] Relevances)
{
    /// <summary>The first state: the relevances at their prior.</summary>
    public static RegressionState Start(RegressionSums sums, BayesianRegressionOptions options)
    {
        int size = sums.Cross.Length;
        GammaFactor[] relevances = new GammaFactor[size];
        Array.Fill(relevances, options.RelevancePrior);
        return new RegressionState(new double[size], Matrix.Identity(size), options.NoisePrior, relevances).UpdateWeights(sums, options);
    }

    /// <summary>The best q(w, τ) for the relevances.</summary>
    public RegressionState UpdateWeights(RegressionSums sums, BayesianRegressionOptions options)
    {
        int size = Mean.Length;
        Matrix precision = sums.Inputs.Clone();
        for (int j = 0; j < size; j++) precision[j, j] += Relevances[j].Mean;
        CholeskyFactor factor = CholeskyFactor.TryFactor(precision)
            ?? throw new ElboException("The columns repeat each other so closely that the weights cannot be told apart; drop columns, or give the relevances a prior with a larger shape.");
        double[] mean = [.. sums.Cross];
        factor.Solve(mean);
        double squares = Residual(sums, mean);
        for (int j = 0; j < size; j++) squares += Relevances[j].Mean * mean[j] * mean[j];
        return this with { Mean = mean, Covariance = factor.Inverse(), Noise = options.NoisePrior.ObserveSquares(squares, sums.Count) };
    }

    /// <summary>The best q(α) for the weights.</summary>
    public RegressionState UpdateRelevances(BayesianRegressionOptions options)
    {
        GammaFactor[] relevances = new GammaFactor[Mean.Length];
        for (int j = 0; j < relevances.Length; j++) relevances[j] = options.RelevancePrior.ObserveSquares(ScaledSquare(j), 1);
        return this with { Relevances = relevances };
    }

    /// <summary>E[ln p(y, w, τ, α|X)] − E[ln q] of any factors, in nats with every constant.</summary>
    public double Bound(RegressionSums sums, BayesianRegressionOptions options)
    {
        int size = Mean.Length;
        double logTwoPi = Math.Log(2 * Math.PI), trace = 0;
        for (int i = 0; i < size; i++) trace += VectorMath.Dot(sums.Inputs.Row(i), Covariance.Row(i));
        double bound = 0.5 * sums.Count * (Noise.MeanLog - logTwoPi) - 0.5 * (Noise.Mean * Residual(sums, Mean) + trace);
        // The E ln τ of p(w|τ, α) and of q(w|τ) cancel.
        bound += 0.5 * (size + CholeskyFactor.TryFactor(Covariance)!.LogDeterminant);
        for (int j = 0; j < size; j++) bound += 0.5 * (Relevances[j].MeanLog - Relevances[j].Mean * ScaledSquare(j)) - Relevances[j].Kl(options.RelevancePrior);
        return bound - Noise.Kl(options.NoisePrior);
    }

    /// <summary>E[τwⱼ²] = mⱼ² E[τ] + Vⱼⱼ.</summary>
    private double ScaledSquare(int j) => Mean[j] * Mean[j] * Noise.Mean + Covariance[j, j];

    /// <summary>‖y − Xm‖², not below 0 by rounding.</summary>
    private static double Residual(RegressionSums sums, double[] mean)
    {
        double total = sums.Square;
        for (int i = 0; i < mean.Length; i++) total += mean[i] * (VectorMath.Dot(sums.Inputs.Row(i), mean) - 2 * sums.Cross[i]);
        return Math.Max(0, total);
    }
}
