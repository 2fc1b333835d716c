using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// The expected counts <c>Σ_d count·φ</c> of each word in each topic: word by word over the documents that have it, in their order, so that no
/// thread needs a copy of the table and no sum depends on the number of threads.
/// </summary>
internal sealed class TopicStatistics
{
    private const int BlockWords = 64;

    private readonly DocumentCounts documents;
    private readonly int[] starts;
    private readonly int[] byWord;
    private readonly int[] places;
    private readonly int longest;

    public TopicStatistics(DocumentCounts documents)
    {
        this.documents = documents;
        (starts, byWord, places) = documents.ByWord();
        for (int w = 0; w < documents.Vocabulary; w++) longest = Math.Max(longest, starts[w + 1] - starts[w]);
    }

    /// <summary>(1 − rate)·λ + rate·(η + scale·counts), <c>[V, stride]</c>; rate and scale 1 give the update of coordinate ascent.</summary>
    public double[] Next(TopicWeights topics, DocumentPosteriors posteriors, double prior, double scale, double rate, Runtime runtime)
    {
        int stride = topics.Stride, used = topics.Topics, words = topics.Words, blocks = (words + BlockWords - 1) / BlockWords;
        double[] next = new double[topics.Lambda.Length];
        double[]?[] scratch = new double[]?[runtime.Threads];
        runtime.For(blocks, (block, worker) =>
        {
            Span<double> ratios = scratch[worker] ??= new double[longest];
            for (int w = block * BlockWords; w < Math.Min(words, (block + 1) * BlockWords); w++)
            {
                int count = starts[w + 1] - starts[w];
                ReadOnlySpan<int> which = byWord.AsSpan(starts[w], count), where = places.AsSpan(starts[w], count);
                for (int j = 0; j < count; j++) ratios[j] = posteriors.Ratios[where[j]];
                if (!documents.Weights.IsEmpty)
                    for (int j = 0; j < count; j++) ratios[j] *= documents.Weights[which[j]];
                Span<double> target = next.AsSpan(w * stride, stride);
                CountProducts.SumRows(posteriors.Weights, which, ratios[..count], target);
                for (int k = 0; k < used; k++) target[k] *= topics.Exponentials[w * stride + k];
            }
        });
        foreach (List<(int Word, double[] Mass)>? extras in posteriors.Extras)
        {
            if (extras is null) continue;
            foreach ((int word, double[] mass) in extras)
                for (int k = 0; k < used; k++) next[word * stride + k] += mass[k];
        }

        for (int w = 0; w < words; w++)
        {
            Span<double> target = next.AsSpan(w * stride, stride);
            ReadOnlySpan<double> before = topics.Lambda.AsSpan(w * stride, stride);
            // At rate 1 the first term vanishes exactly, so that a whole step is coordinate ascent to the last bit.
            for (int k = 0; k < used; k++) target[k] = (1 - rate) * before[k] + rate * (prior + scale * target[k]);
            target[used..].Fill(1);
        }

        return next;
    }
}
