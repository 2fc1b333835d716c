using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Finds the posterior of a topic model: by coordinate ascent on all documents, or by stochastic updates from batches.</summary>
internal sealed class LatentDirichletAllocationFit
{
    private readonly DocumentCounts documents;
    private readonly LatentDirichletAllocationOptions options;
    private readonly FitOptions fit;
    private readonly Runtime runtime;
    private readonly double[] documentPrior;
    private readonly double wordPrior;
    private readonly double totalWeight;
    private readonly int stride;

    public LatentDirichletAllocationFit(DocumentCounts documents, LatentDirichletAllocationOptions options, FitOptions fit, Runtime runtime)
    {
        options.Check();
        fit.Check();
        this.documents = documents;
        this.options = options;
        this.fit = fit;
        this.runtime = runtime;
        stride = CountProducts.Stride(options.Topics);
        if ((long)Math.Max(documents.Documents, documents.Vocabulary) * stride > Array.MaxLength)
            throw new ElboException($"{options.Topics} topics of {documents.Documents} documents and {documents.Vocabulary} words do not fit in memory; use fewer topics, or fit parts of the documents in turn.");
        documentPrior = new double[options.Topics];
        documentPrior.AsSpan().Fill(options.DocumentPrior ?? 1.0 / options.Topics);
        wordPrior = options.WordPrior ?? 1.0 / options.Topics;
        totalWeight = documents.TotalWeight;
        if (documents.TotalCount == 0) throw new ElboException($"All documents of '{documents.Name}' are empty; give counts of words.");
        if (options.Start is { } start) CheckStart(start);
    }

    public FitResult<LatentDirichletAllocation> Run(CancellationToken cancellation)
    {
        FitLoopResult<double[]>? best = null;
        for (int restart = 1; restart <= fit.Restarts && !(best is not null && cancellation.IsCancellationRequested); restart++)
        {
            double[] start = Start(fit.FirstStart + restart - 1);
            FitLoopResult<double[]> result = options.Online is { } online ? Stochastic(start, online, restart, cancellation) : Batch(start, restart, cancellation);
            if (best is null || result.Bounds[^1] > best.Bounds[^1]) best = result;
        }

        return new FitResult<LatentDirichletAllocation>(Model(best!.State), best.Bounds, best.Stop, best.Iterations, best.Explanation, totalWeight);
    }

    private FitLoopResult<double[]> Batch(double[] start, int restart, CancellationToken cancellation)
    {
        DocumentPosteriors posteriors = new(documents, documentPrior, stride, runtime);
        TopicStatistics statistics = new(documents);
        // Gone on from an earlier fit the documents start anew, and may settle below where they were: the bounds before are remembered, not compared with.
        IReadOnlyList<double> earlier = fit.EarlierBounds;
        FitLoopResult<double[]> result = FitLoop.Run(
            start,
            lambda =>
            {
                TopicWeights topics = Weights(lambda);
                double bound = posteriors.Update(topics, options.DocumentIterations, options.DocumentTolerance, options.RestartDocuments, runtime) - topics.Kl;
                return new FitStep<double[]>(bound / totalWeight, statistics.Next(topics, posteriors, wordPrior, 1, 1, runtime));
            },
            Model, fit with { EarlierBounds = [], MaxIterations = Math.Max(1, fit.MaxIterations - earlier.Count) }, restart, cancellation);
        return earlier.Count == 0 ? result : result with { Bounds = [.. earlier, .. result.Bounds], Iterations = earlier.Count + result.Iterations };
    }

    private FitLoopResult<double[]> Stochastic(double[] lambda, StochasticOptions online, int restart, CancellationToken cancellation)
    {
        RandomStream random = new RandomStream(fit.Seed).Split(1).Split((ulong)restart);
        int batch = Math.Min(online.BatchSize, documents.Documents), steps = (documents.Documents + batch - 1) / batch;
        int[] order = [.. Enumerable.Range(0, documents.Documents)];
        DocumentPosteriors all = new(documents, documentPrior, stride, runtime);
        // One batch of everything goes on from the documents' posteriors that its bound was computed from, as coordinate ascent does.
        TopicStatistics? whole = steps == 1 ? new TopicStatistics(documents) : null;
        TopicWeights topics = Weights(lambda);
        List<double> bounds = [.. fit.EarlierBounds, Bound(topics, all)];
        long step = (long)fit.EarlierBounds.Count * steps;
        for (int pass = bounds.Count; ; pass++)
        {
            if (whole is not null)
            {
                lambda = whole.Next(topics, all, wordPrior, 1, online.Rate(step++), runtime);
            }
            else
            {
                random.Split((ulong)pass).Permutation(order);
                for (int first = 0; first < order.Length && !cancellation.IsCancellationRequested; first += batch)
                    lambda = StochasticStep(lambda, documents.Select(order.AsSpan(first, Math.Min(batch, order.Length - first))), online.Rate(step++));
            }

            topics = Weights(lambda);
            double bound = Bound(topics, all), gain = bound - bounds[^1];
            if (!double.IsFinite(bound)) throw new ElboException($"The bound after pass {pass} is {bound}; raise the delay of the stochastic steps.");
            bounds.Add(bound);
            double[] measured = lambda;
            fit.Progress?.Report(new FitProgress(restart, fit.Restarts, pass, fit.MaxIterations, bound, gain, () => Model(measured)));
            if (cancellation.IsCancellationRequested) return new(lambda, bounds, FitStop.Cancelled, pass, $"Stopped on request in pass {pass}.");
            if (Math.Abs(gain) < fit.Tolerance)
                return new(lambda, bounds, FitStop.Converged, pass, FormattableString.Invariant($"Converged after {FitWords.Count(pass, "pass", "passes")}: the last changed the bound by {gain:0.0e+0} nats per document, less than {fit.Tolerance:0.0e+0}."));
            if (pass >= fit.MaxIterations)
                return new(lambda, bounds, FitStop.IterationLimit, pass, FormattableString.Invariant($"Not converged: {FitWords.UsedUp(pass, "pass", "passes")}, and the last changed the bound by {gain:0.0e+0} nats per document; allow more iterations."));
        }
    }

    private double[] StochasticStep(double[] lambda, DocumentCounts batch, double rate)
    {
        double weight = batch.TotalWeight;
        if (weight == 0) return lambda;
        TopicWeights topics = Weights(lambda);
        DocumentPosteriors posteriors = new(batch, documentPrior, stride, runtime);
        posteriors.Update(topics, options.DocumentIterations, options.DocumentTolerance, options.RestartDocuments, runtime);
        return new TopicStatistics(batch).Next(topics, posteriors, wordPrior, totalWeight / weight, rate, runtime);
    }

    private double Bound(TopicWeights topics, DocumentPosteriors all) =>
        (all.Update(topics, options.DocumentIterations, options.DocumentTolerance, options.RestartDocuments, runtime) - topics.Kl) / totalWeight;

    private TopicWeights Weights(double[] lambda) => TopicWeights.Of(lambda, documents.Vocabulary, options.Topics, wordPrior, runtime);

    private LatentDirichletAllocation Model(double[] lambda)
    {
        Matrix topics = new(options.Topics, documents.Vocabulary);
        for (int k = 0; k < topics.Rows; k++)
            for (int w = 0; w < topics.Columns; w++) topics[k, w] = lambda[w * stride + k];
        double length = 0;
        for (int d = 0; d < documents.Documents; d++) length += documents.Weight(d) * documents.Length(d);
        return new LatentDirichletAllocation(topics, documentPrior, wordPrior, length / totalWeight, documents.WordNames);
    }

    private double[] Start(int restart)
    {
        double[] lambda = new double[documents.Vocabulary * stride];
        lambda.AsSpan().Fill(1);
        RandomStream random = new RandomStream(fit.Seed).Split(0).Split((ulong)restart);
        for (int w = 0; w < documents.Vocabulary; w++)
        {
            RandomStream word = random.Split((ulong)w);
            // As Hoffman's own programs and scikit-learn start.
            for (int k = 0; k < options.Topics; k++) lambda[w * stride + k] = options.Start is { } given ? given[k, w] : ConjugateDraws.Gamma(100, 100, word.Split((ulong)k));
        }

        return lambda;
    }

    private void CheckStart(Matrix start)
    {
        if (start.Rows != options.Topics || start.Columns != documents.Vocabulary)
            throw new ElboException($"The start has shape [{start.Rows}, {start.Columns}]; {options.Topics} topics of {documents.Vocabulary} words need [{options.Topics}, {documents.Vocabulary}].");
        foreach (double value in start.Values)
            if (!(value > 0 && double.IsFinite(value))) throw new ElboException($"The start has a concentration of {value}; all must be positive numbers.");
    }
}
