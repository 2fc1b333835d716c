using System.Runtime.InteropServices;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// The posterior of documents given the topics: q(θ) = Dirichlet(γ) and, for each word, q(z) = φ, by coordinate ascent (Blei, Ng and Jordan,
/// "Latent Dirichlet allocation", 2003, equations 6 and 7). φ is never stored: it is the product of <see cref="TopicWeights.Exponentials"/>,
/// of t = exp E ln θ, and of the ratio count / Σₖ.
/// </summary>
internal sealed class DocumentPosteriors
{
    /// <summary>Documents in a part of parallel work; sums over documents are formed per part and then in their order.</summary>
    private const int BlockDocuments = 32;

    /// <summary>Below this a mixture of exponentials has lost digits, and the document is computed from logarithms.</summary>
    private const double Underflow = 1e-280;

    /// <summary>A new start that gains less, in nats, found the topics that the document had: the next is tried after a pause, twice as long each time.</summary>
    private const double NewTopics = 0.05;

    private const int LongestPause = 8;

    private readonly DocumentCounts documents;
    private readonly double[] prior;
    private readonly double priorLogNormalizer;
    private readonly Scratch?[] scratch;
    private readonly int[] pauses, waits;
    private bool hasHistory;

    public DocumentPosteriors(DocumentCounts documents, double[] prior, int stride, Runtime runtime)
    {
        this.documents = documents;
        this.prior = prior;
        Stride = stride;
        priorLogNormalizer = new DirichletFactor(prior).LogNormalizer;
        scratch = new Scratch?[runtime.Threads];
        Gamma = new double[documents.Documents * (long)stride];
        Weights = new double[Gamma.Length];
        Ratios = new double[documents.Entries];
        Extras = new List<(int Word, double[] Mass)>?[(documents.Documents + BlockDocuments - 1) / BlockDocuments];
        Bounds = new double[documents.Documents];
        pauses = new int[documents.Documents];
        waits = new int[documents.Documents];
        Gamma.AsSpan().Fill(1);
    }

    public int Stride { get; }

    /// <summary>γ, <c>[N, stride]</c>; 1 in the padding.</summary>
    public double[] Gamma { get; }

    /// <summary>t of the last φ, <c>[N, stride]</c>.</summary>
    public double[] Weights { get; }

    /// <summary>count / Σₖ of the last φ for each entry.</summary>
    public double[] Ratios { get; }

    /// <summary>Per block of documents, the expected counts of the words of documents that were computed from logarithms; their ratios are 0.</summary>
    public List<(int Word, double[] Mass)>?[] Extras { get; }

    /// <summary>Each document's part of the bound, <c>E[ln p(w, z, θ|β)] − E[ln q(z, θ)]</c>, <c>[N]</c> in nats, weights not applied.</summary>
    public double[] Bounds { get; }

    /// <summary>Updates every document.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="iterations">The most updates of a document.</param>
    /// <param name="tolerance">A document is settled when its concentrations change by less than this on average.</param>
    /// <param name="anew">
    /// Starts from equal proportions, unless that ends below what the present ones give. Documents that only go on from where they were keep the topics
    /// that they chose while all topics were alike, and the fit ends far below what it can reach; documents that always start anew may lower the bound.
    /// </param>
    /// <param name="runtime">The threads.</param>
    /// <returns>The sum of the documents' bounds times their weights.</returns>
    public double Update(TopicWeights topics, int iterations, double tolerance, bool anew, Runtime runtime)
    {
        bool isFirst = !hasHistory;
        hasHistory = true;
        int blocks = Extras.Length;
        double[] sums = new double[blocks];
        runtime.For(blocks, (block, worker) =>
        {
            Scratch space = scratch[worker] ??= new Scratch(Stride);
            Extras[block] = null;
            double sum = 0;
            for (int d = block * BlockDocuments; d < Math.Min(documents.Documents, (block + 1) * BlockDocuments); d++)
            {
                if (isFirst) StartEqual(d);
                if (!TryUpdate(d, topics, iterations, tolerance, anew && !isFirst, space)) UpdateInLogs(d, topics, iterations, tolerance, Extras[block] ??= []);
                sum += Bounds[d] * documents.Weight(d);
            }

            sums[block] = sum;
        });
        double total = 0;
        foreach (double sum in sums) total += sum;
        return total;
    }

    private void StartEqual(int d)
    {
        double share = documents.Length(d) / prior.Length;
        for (int k = 0; k < prior.Length; k++) Gamma[d * Stride + k] = prior[k] + share;
    }

    private bool TryUpdate(int d, TopicWeights topics, int iterations, double tolerance, bool anew, Scratch space)
    {
        ReadOnlySpan<int> words = documents.Words(d);
        space.Require(words.Length);
        Span<double> rows = space.Rows(words.Length), gamma = Gamma.AsSpan(d * Stride, Stride);
        for (int i = 0; i < words.Length; i++) topics.Exponentials.AsSpan(words[i] * Stride, Stride).CopyTo(rows[(i * Stride)..]);
        gamma.CopyTo(space.Before);
        if (!anew || waits[d]-- > 0) return TryAscend(d, topics, iterations, tolerance, space) || Restore(gamma, space);
        if (!TryAscend(d, topics, 1, 0, space)) return Restore(gamma, space);
        double present = Bounds[d];
        StartEqual(d);
        if (!TryAscend(d, topics, iterations, tolerance, space)) return Restore(gamma, space);
        pauses[d] = Bounds[d] > present + NewTopics ? 0 : Math.Clamp(2 * pauses[d], 1, LongestPause);
        waits[d] = pauses[d];
        if (Bounds[d] >= present) return true;
        Restore(gamma, space);
        return TryAscend(d, topics, iterations, tolerance, space) || Restore(gamma, space);
    }

    private static bool Restore(Span<double> gamma, Scratch space)
    {
        space.Before.CopyTo(gamma);
        return false;
    }

    /// <summary>Updates φ and γ in turn, from the γ that is here; false where a mixture underflows.</summary>
    private bool TryAscend(int d, TopicWeights topics, int iterations, double tolerance, Scratch space)
    {
        ReadOnlySpan<int> words = documents.Words(d);
        ReadOnlySpan<double> counts = documents.Counts(d);
        int count = words.Length, used = prior.Length;
        Span<double> gamma = Gamma.AsSpan(d * Stride, Stride), weights = Weights.AsSpan(d * Stride, Stride), ratios = Ratios.AsSpan(documents.Start(d), count);
        Span<double> rows = space.Rows(count), sums = space.Sums.AsSpan(0, count), explained = space.Explained, logs = space.Logs;
        double total = 0;
        for (int k = 0; k < used; k++) total += gamma[k];
        double meanLogTotal = GammaFunctions.Digamma(total);
        for (int iteration = 1; ; iteration++)
        {
            VectorMath.Digamma(gamma, logs);
            for (int k = 0; k < Stride; k++) logs[k] -= meanLogTotal;
            VectorMath.Exp(logs, weights);
            weights[used..].Clear();
            if (CountProducts.Explain(rows, weights, counts, sums, ratios, explained) < Underflow) return false;
            double change = 0;
            for (int k = 0; k < used; k++)
            {
                double value = prior[k] + weights[k] * explained[k];
                change += Math.Abs(value - gamma[k]);
                gamma[k] = value;
            }

            if (change <= tolerance * used || iteration == iterations) break;
        }

        // With γ = α + Σ count·φ the terms in E ln θ of the new γ cancel between E[ln p(z|θ)] and the divergence of θ.
        VectorMath.Log(sums, sums);
        double bound = 0;
        for (int i = 0; i < count; i++) bound += counts[i] * (sums[i] + topics.Shifts[words[i]]);
        for (int k = 0; k < used; k++) bound -= (gamma[k] - prior[k]) * logs[k];
        Bounds[d] = bound + LogNormalizer(gamma[..used], logs) - priorLogNormalizer;
        return true;
    }

    /// <summary>The same updates with every product of probabilities in logarithms: for priors so small that a word and a document may share no topic within the range of doubles.</summary>
    private void UpdateInLogs(int d, TopicWeights topics, int iterations, double tolerance, List<(int Word, double[] Mass)> extras)
    {
        ReadOnlySpan<int> words = documents.Words(d);
        ReadOnlySpan<double> counts = documents.Counts(d);
        int used = prior.Length;
        Span<double> gamma = Gamma.AsSpan(d * Stride, used);
        Ratios.AsSpan(documents.Start(d), words.Length).Clear();
        double[] meanLogs = new double[words.Length * used], shares = new double[meanLogs.Length], logs = new double[used], sums = new double[words.Length];
        for (int i = 0; i < words.Length; i++) topics.MeanLog(words[i], meanLogs.AsSpan(i * used, used));
        for (int iteration = 1; ; iteration++)
        {
            double total = 0;
            foreach (double value in gamma) total += value;
            VectorMath.Digamma(gamma, logs);
            double meanLogTotal = GammaFunctions.Digamma(total), change = 0;
            for (int k = 0; k < used; k++) logs[k] -= meanLogTotal;
            double[] updated = [.. prior];
            for (int i = 0; i < words.Length; i++)
            {
                Span<double> share = shares.AsSpan(i * used, used);
                for (int k = 0; k < used; k++) share[k] = logs[k] + meanLogs[i * used + k];
                sums[i] = VectorMath.NormalizeLogWeights(share);
                for (int k = 0; k < used; k++) updated[k] += counts[i] * share[k];
            }

            for (int k = 0; k < used; k++) change += Math.Abs(updated[k] - gamma[k]);
            updated.CopyTo(gamma);
            if (change <= tolerance * used || iteration == iterations) break;
        }

        double bound = 0, weight = documents.Weight(d);
        for (int i = 0; i < words.Length; i++)
        {
            bound += counts[i] * sums[i];
            double factor = counts[i] * weight;
            extras.Add((words[i], [.. shares.AsSpan(i * used, used).ToArray().Select(share => share * factor)]));
        }

        for (int k = 0; k < used; k++) bound -= (gamma[k] - prior[k]) * logs[k];
        Bounds[d] = bound + LogNormalizer(gamma, logs) - priorLogNormalizer;
    }

    private static double LogNormalizer(ReadOnlySpan<double> gamma, Span<double> buffer)
    {
        double total = 0, sum = 0;
        foreach (double value in gamma) total += value;
        VectorMath.LogGamma(gamma, buffer);
        for (int k = 0; k < gamma.Length; k++) sum += buffer[k];
        return sum - GammaFunctions.LogGamma(total);
    }

    private sealed class Scratch(int stride)
    {
        /// <summary>Of 64 bytes, a cache line and the widest vector: a row that crosses lines is read at half the speed.</summary>
        private const int LineValues = 8;

        private double[] rows = [];
        private int offset;

        public double[] Sums { get; private set; } = [];

        public double[] Before { get; } = new double[stride];

        public double[] Explained { get; } = new double[stride];

        public double[] Logs { get; } = new double[stride];

        public Span<double> Rows(int count) => rows.AsSpan(offset, count * stride);

        public void Require(int count)
        {
            if (Sums.Length >= count) return;
            Sums = new double[2 * count];
            rows = GC.AllocateUninitializedArray<double>(2 * count * stride + LineValues, pinned: true);
            long place = Marshal.UnsafeAddrOfPinnedArrayElement(rows, 0) / sizeof(double);
            offset = (int)((LineValues - place % LineValues) % LineValues);
        }
    }
}
