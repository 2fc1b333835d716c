using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// What q(topics) = ∏ₖ Dirichlet(λₖ) says to documents: <c>B[w, k] = exp(E ln βₖw − shift[w])</c>, where the shift is the largest of the
/// word's topics, so that a word that no topic expects does not underflow. Words are rows, topics columns, padded for the kernels.
/// </summary>
internal sealed class TopicWeights
{
    private const int BlockWords = 256;

    private TopicWeights(double[] lambda, int words, int topics)
    {
        Lambda = lambda;
        Words = words;
        Topics = topics;
        Stride = CountProducts.Stride(topics);
        Exponentials = new double[lambda.Length];
        Shifts = new double[words];
        MeanLogTotals = new double[Stride];
    }

    /// <summary>λ, <c>[V, stride]</c>; 1 in the padding.</summary>
    public double[] Lambda { get; }

    public int Words { get; }

    public int Topics { get; }

    public int Stride { get; }

    /// <summary>B, <c>[V, stride]</c>; 0 in the padding.</summary>
    public double[] Exponentials { get; }

    /// <summary>The largest E ln β of each word, <c>[V]</c>.</summary>
    public double[] Shifts { get; }

    /// <summary>ψ(Σ_w λₖw), <c>[stride]</c>.</summary>
    public double[] MeanLogTotals { get; }

    /// <summary>Σₖ KL(Dirichlet(λₖ) ‖ Dirichlet(η)) in nats.</summary>
    public double Kl { get; private set; }

    /// <param name="lambda">λ, <c>[V, stride]</c>, 1 in the padding; kept.</param>
    /// <param name="words">V.</param>
    /// <param name="topics">K.</param>
    /// <param name="prior">η.</param>
    /// <param name="runtime">The threads.</param>
    public static TopicWeights Of(double[] lambda, int words, int topics, double prior, Runtime runtime)
    {
        TopicWeights result = new(lambda, words, topics);
        int stride = result.Stride, blocks = (words + BlockWords - 1) / BlockWords;
        double[] totals = new double[stride], partial = new double[blocks * stride], kl = new double[blocks];
        runtime.For(blocks, (block, _) =>
        {
            Span<double> sums = partial.AsSpan(block * stride, stride);
            for (int w = block * BlockWords; w < Math.Min(words, (block + 1) * BlockWords); w++)
                for (int k = 0; k < stride; k++) sums[k] += lambda[w * stride + k];
        });
        for (int block = 0; block < blocks; block++)
            for (int k = 0; k < stride; k++) totals[k] += partial[block * stride + k];
        VectorMath.Digamma(totals, result.MeanLogTotals);
        double priorLogGamma = Inference.GammaFunctions.LogGamma(prior);
        runtime.For(blocks, (block, _) => kl[block] = result.Fill(block * BlockWords, Math.Min(words, (block + 1) * BlockWords), prior, priorLogGamma));
        double divergence = topics * (words * priorLogGamma - Inference.GammaFunctions.LogGamma(words * prior));
        for (int k = 0; k < topics; k++) divergence += Inference.GammaFunctions.LogGamma(totals[k]);
        foreach (double part in kl) divergence += part;
        result.Kl = divergence;
        return result;
    }

    /// <summary>E ln βₖw of one word, <c>[K]</c>, for where the exponentials underflow.</summary>
    public void MeanLog(int word, Span<double> result)
    {
        VectorMath.Digamma(Lambda.AsSpan(word * Stride, Topics), result);
        for (int k = 0; k < Topics; k++) result[k] -= MeanLogTotals[k];
    }

    /// <summary>Fills the rows of words, and returns their part Σ (λ − η) E ln β − ln Γ(λ) of the divergence.</summary>
    private double Fill(int first, int end, double prior, double priorLogGamma)
    {
        Span<double> values = Exponentials.AsSpan(first * Stride, (end - first) * Stride);
        ReadOnlySpan<double> lambda = Lambda.AsSpan(first * Stride, values.Length);
        double[] logGamma = new double[values.Length];
        VectorMath.LogGamma(lambda, logGamma);
        VectorMath.Digamma(lambda, values);
        double kl = 0;
        for (int w = 0; w < end - first; w++)
        {
            Span<double> row = values.Slice(w * Stride, Stride);
            double most = double.NegativeInfinity;
            for (int k = 0; k < Topics; k++)
            {
                row[k] -= MeanLogTotals[k];
                most = Math.Max(most, row[k]);
                kl += (lambda[w * Stride + k] - prior) * row[k] - logGamma[w * Stride + k];
            }

            for (int k = 0; k < Topics; k++) row[k] -= most;
            Shifts[first + w] = most;
        }

        VectorMath.Exp(values, values);
        for (int w = 0; w < end - first; w++) values.Slice(w * Stride + Topics, Stride - Topics).Clear();
        return kl;
    }
}
