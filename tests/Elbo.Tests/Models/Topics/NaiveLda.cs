using Elbo.Numerics;

namespace Elbo.Tests.Models.Topics;

/// <summary>LDA as the paper writes it: dense φ, γ and λ, every coordinate by itself, the bound term by term.</summary>
internal sealed class NaiveLda
{
    private readonly double[,] counts;
    private readonly int documents, words, topics;
    private readonly double alpha, eta;

    public NaiveLda(double[,] counts, int topics, double alpha, double eta, Func<int, int, double> start)
    {
        this.counts = counts;
        (documents, words) = (counts.GetLength(0), counts.GetLength(1));
        this.topics = topics;
        this.alpha = alpha;
        this.eta = eta;
        Lambda = new double[topics, words];
        Gamma = new double[documents, topics];
        Phi = new double[documents, words, topics];
        for (int k = 0; k < topics; k++)
            for (int w = 0; w < words; w++) Lambda[k, w] = start(k, w);
        for (int d = 0; d < documents; d++)
        {
            double length = 0;
            for (int w = 0; w < words; w++) length += counts[d, w];
            for (int k = 0; k < topics; k++)
            {
                Gamma[d, k] = alpha + length / topics;
                for (int w = 0; w < words; w++) Phi[d, w, k] = 1.0 / topics;
            }
        }
    }

    public double[,] Lambda { get; }

    public double[,] Gamma { get; }

    public double[,,] Phi { get; }

    public void UpdatePhi(int d)
    {
        for (int w = 0; w < words; w++)
        {
            double[] logs = new double[topics];
            for (int k = 0; k < topics; k++) logs[k] = MeanLog(Gamma, d, topics, k) + MeanLog(Lambda, k, words, w);
            VectorMath.NormalizeLogWeights(logs);
            for (int k = 0; k < topics; k++) Phi[d, w, k] = logs[k];
        }
    }

    public void UpdateGamma(int d)
    {
        for (int k = 0; k < topics; k++)
        {
            Gamma[d, k] = alpha;
            for (int w = 0; w < words; w++) Gamma[d, k] += counts[d, w] * Phi[d, w, k];
        }
    }

    public void UpdateLambda(int k)
    {
        for (int w = 0; w < words; w++)
        {
            Lambda[k, w] = eta;
            for (int d = 0; d < documents; d++) Lambda[k, w] += counts[d, w] * Phi[d, w, k];
        }
    }

    /// <summary>E ln p(w|z, β) + E ln p(z|θ) + E ln p(θ) + E ln p(β) − E ln q(z) − E ln q(θ) − E ln q(β).</summary>
    public double Bound()
    {
        double bound = 0;
        for (int d = 0; d < documents; d++)
        {
            for (int w = 0; w < words; w++)
            {
                for (int k = 0; k < topics; k++)
                {
                    double phi = Phi[d, w, k];
                    if (phi > 0) bound += counts[d, w] * phi * (MeanLog(Lambda, k, words, w) + MeanLog(Gamma, d, topics, k) - Math.Log(phi));
                }
            }

            bound += Prior(Gamma, d, topics, alpha);
        }

        for (int k = 0; k < topics; k++) bound += Prior(Lambda, k, words, eta);
        return bound;
    }

    /// <summary>E ln p − E ln q of one Dirichlet with a symmetric prior.</summary>
    private static double Prior(double[,] q, int row, int length, double prior)
    {
        double p = LogGamma(length * prior) - length * LogGamma(prior), total = 0, entropy = 0;
        for (int i = 0; i < length; i++)
        {
            p += (prior - 1) * MeanLog(q, row, length, i);
            entropy += LogGamma(q[row, i]) - (q[row, i] - 1) * MeanLog(q, row, length, i);
            total += q[row, i];
        }

        return p + entropy - LogGamma(total);
    }

    private static double MeanLog(double[,] q, int row, int length, int index)
    {
        double total = 0;
        for (int i = 0; i < length; i++) total += q[row, i];
        return Digamma(q[row, index]) - Digamma(total);
    }

    private static double LogGamma(double x)
    {
        double[] value = [x];
        VectorMath.LogGamma(value, value);
        return value[0];
    }

    private static double Digamma(double x)
    {
        double[] value = [x];
        VectorMath.Digamma(value, value);
        return value[0];
    }
}
