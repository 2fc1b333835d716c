using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// Latent Dirichlet allocation (Blei, Ng and Jordan, 2003) with the posterior <c>q(βₖ) = Dirichlet(λₖ)</c> of its topics. A row is a document: counts
/// of the V words. Each document mixes the topics, θ ~ Dirichlet(α); each of its words has a topic z ~ θ and is drawn from β_z, βₖ ~ Dirichlet(η).
/// </summary>
/// <remarks>
/// Probabilities are those of the words in a given order: the multinomial coefficient, which counts the orders, is not part of the model.
/// Immutable.
/// </remarks>
public sealed class LatentDirichletAllocation : RowModel
{
    /// <summary>The name of the family.</summary>
    public const string KindName = "lda";

    private const int VerbIterations = 200;
    private const double VerbTolerance = 1e-5;

    private readonly Matrix concentrations;
    private readonly double[] documentPrior;

    /// <summary>Makes a model of given parameters.</summary>
    /// <param name="concentrations">λ, <c>[K, V]</c>, all positive; not to be changed any more.</param>
    /// <param name="documentPrior">α, <c>[K]</c>, all positive.</param>
    /// <param name="wordPrior">η, positive: what the topics were learned with.</param>
    /// <param name="meanLength">The mean number of words of a document, which <see cref="Sample"/> needs; not negative.</param>
    /// <param name="wordNames">The V words, or null.</param>
    /// <exception cref="ElboException">A parameter is out of its range, or sizes do not agree.</exception>
    public LatentDirichletAllocation(Matrix concentrations, ReadOnlySpan<double> documentPrior, double wordPrior, double meanLength, IReadOnlyList<string>? wordNames = null)
    {
        ArgumentNullException.ThrowIfNull(concentrations);
        if (concentrations.Rows < 1 || concentrations.Columns < 1) throw new ElboException($"The topics have shape [{concentrations.Rows}, {concentrations.Columns}]; at least one topic and one word are needed.");
        if (documentPrior.Length != concentrations.Rows) throw new ElboException($"{documentPrior.Length} prior concentrations were given for {concentrations.Rows} topics.");
        if (wordNames is not null && wordNames.Count != concentrations.Columns) throw new ElboException($"{wordNames.Count} words were named, and the topics have {concentrations.Columns}.");
        CheckPositive(concentrations.Values, "a topic's concentration");
        CheckPositive(documentPrior, "the prior of the document's topics");
        CheckPositive([wordPrior], "the prior of the topic's words");
        if (!(meanLength >= 0 && double.IsFinite(meanLength))) throw new ElboException($"The mean length is {meanLength}; give a number that is not negative.");
        this.concentrations = concentrations;
        this.documentPrior = documentPrior.ToArray();
        WordPrior = wordPrior;
        MeanLength = meanLength;
        WordNames = wordNames;
    }

    /// <summary>λ, the concentrations of the topics' posterior, <c>[K, V]</c>.</summary>
    public Matrix Concentrations => concentrations;

    /// <summary>α, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> DocumentPrior => documentPrior;

    /// <summary>η.</summary>
    public double WordPrior { get; }

    /// <summary>The mean number of words of a training document.</summary>
    public double MeanLength { get; }

    /// <summary>The words, or null where they have no names.</summary>
    public IReadOnlyList<string>? WordNames { get; }

    /// <summary>K.</summary>
    public int Topics => concentrations.Rows;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"latent Dirichlet allocation, {Topics} topic{(Topics == 1 ? "" : "s")} of {Columns} words";

    /// <inheritdoc/>
    public override int Columns => concentrations.Columns;

    /// <inheritdoc/>
    public override long FreeParameters => (long)Topics * (Columns - 1);

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames => [.. Enumerable.Range(0, Topics).Select(static k => $"topic{k}")];

    /// <summary>Finds the posterior of the topics of documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="options">The sizes, priors and updates.</param>
    /// <param name="fit">When to stop; the tolerance is in nats per document. Of stochastic updates an iteration is a pass over the documents.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>
    /// The model, with the bound <c>E_q[ln p(w, z, θ, β)] − E_q[ln q]</c> per document, every constant included. Coordinate ascent never lowers it.
    /// </returns>
    /// <exception cref="ElboException">An option is out of its range, or all documents are empty.</exception>
    public static FitResult<LatentDirichletAllocation> Fit(
        DocumentCounts documents, LatentDirichletAllocationOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        return new LatentDirichletAllocationFit(documents, options, fit, runtime).Run(cancellation);
    }

    /// <inheritdoc cref="Fit(DocumentCounts, LatentDirichletAllocationOptions, FitOptions, Runtime, CancellationToken)"/>
    public static FitResult<LatentDirichletAllocation> Fit(
        Observations documents, LatentDirichletAllocationOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default) =>
        Fit(DocumentCounts.FromObservations(documents), options, fit, runtime, cancellation);

    /// <inheritdoc/>
    public override bool LogDensityIsBound => true;

    /// <summary>
    /// A lower bound on ln p(document) of each row in nats: <c>E_q[ln p(w, z, θ|β)] − E_q[ln q(z, θ)]</c> with the topics as they were learned.
    /// It counts nothing for the topics themselves, so that held-out documents are comparable whatever their number.
    /// </summary>
    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime) => Infer(rows, runtime).Bounds.AsSpan().CopyTo(result);

    /// <summary>exp(−bound per word) of documents that need not be those of the fit, lower is better: <c>exp(−Σ LogDensity / Σ counts)</c>.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">They have another vocabulary, or no words.</exception>
    public double Perplexity(DocumentCounts documents, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(documents);
        DocumentPosteriors posteriors = Infer(documents, runtime);
        double bound = 0, words = 0;
        for (int d = 0; d < documents.Documents; d++)
        {
            bound += documents.Weight(d) * posteriors.Bounds[d];
            words += documents.Weight(d) * documents.Length(d);
        }

        return words > 0 ? Math.Exp(-bound / words) : throw new ElboException($"All documents of '{documents.Name}' are empty, so there is no perplexity per word.");
    }

    /// <summary>The posterior mean of each document's topic proportions, <c>[N, K]</c>; the prior's mean for an empty document.</summary>
    /// <inheritdoc/>
    public override Matrix Encode(Observations rows, Runtime runtime) => Encode(Documents(rows), runtime);

    /// <summary>The posterior mean of each document's topic proportions, <c>[N, K]</c>; the prior's mean for an empty document.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">They have another vocabulary.</exception>
    public Matrix Encode(DocumentCounts documents, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(documents);
        DocumentPosteriors posteriors = Infer(documents, runtime);
        Matrix result = new(documents.Documents, Topics);
        for (int d = 0; d < result.Rows; d++)
        {
            Span<double> target = result.Row(d);
            posteriors.Gamma.AsSpan(d * posteriors.Stride, Topics).CopyTo(target);
            double total = 0;
            foreach (double value in target) total += value;
            foreach (ref double value in target) value /= total;
        }

        return result;
    }

    /// <summary>The counts that a document's proportions and the mean topics lead to expect, <c>[N, V]</c>: they sum to the document's length.</summary>
    /// <inheritdoc/>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        DocumentCounts documents = Documents(rows);
        Matrix proportions = Encode(documents, runtime), result = new(documents.Documents, Columns);
        for (int d = 0; d < result.Rows; d++)
        {
            double length = documents.Length(d);
            foreach (ref double value in proportions.Row(d)) value *= length;
        }

        runtime.Multiply<double>(proportions.Values, MeanTopics().Values, result.Values, result.Rows, Columns);
        return result;
    }

    /// <summary>Draws documents, <c>[count, V]</c>: a Poisson number of words with the training documents' mean, proportions from the prior, words from the mean topics.</summary>
    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Matrix cumulative = MeanTopics(), result = new(count, Columns);
        for (int k = 0; k < Topics; k++)
            for (int w = 1; w < Columns; w++) cumulative[k, w] += cumulative[k, w - 1];
        double[] proportions = new double[Topics];
        for (int d = 0; d < count; d++)
        {
            RandomStream document = random.Split((ulong)d), draws = document.Split(2);
            ConjugateDraws.Dirichlet(documentPrior, document.Split(0), proportions);
            for (int k = 1; k < Topics; k++) proportions[k] += proportions[k - 1];
            int length = ConjugateDraws.Poisson(MeanLength, document.Split(1));
            for (int i = 0; i < length; i++)
            {
                int topic = Pick(proportions, draws.Uniform((ulong)(2 * i)));
                result[d, Pick(cumulative.Row(topic), draws.Uniform((ulong)(2 * i + 1)))]++;
            }
        }

        return result;
    }

    /// <summary>E[βₖ], the mean of each topic's distribution over words, <c>[K, V]</c>; rows sum to 1.</summary>
    public Matrix MeanTopics()
    {
        Matrix result = concentrations.Clone();
        for (int k = 0; k < Topics; k++)
        {
            double total = 0;
            foreach (double value in result.Row(k)) total += value;
            foreach (ref double value in result.Row(k)) value /= total;
        }

        return result;
    }

    /// <summary>The most probable words of a topic, most probable first; equally probable ones in the order of their numbers.</summary>
    /// <param name="topic">The topic, from 0.</param>
    /// <param name="count">How many; all V where there are fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such topic, or the count is negative.</exception>
    public IReadOnlyList<TopicWord> TopWords(int topic, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)topic, (uint)Topics, nameof(topic));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[] row = concentrations.Row(topic).ToArray();
        double total = row.Sum();
        return [.. Enumerable.Range(0, Columns).OrderByDescending(w => row[w]).ThenBy(static w => w).Take(count).Select(w => new TopicWord(w, WordNames?[w] ?? $"x{w}", row[w] / total))];
    }

    /// <inheritdoc/>
    public override JsonElement Definition => LatentDirichletAllocationDefinition.Write(this);

    /// <summary><c>concentrations</c> <c>[K, V]</c> (λ), <c>documentPrior</c> <c>[K]</c> (α), <c>wordPrior</c> <c>[1]</c> (η), <c>meanLength</c> <c>[1]</c>.</summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new("concentrations", NumericArray.From<double>(concentrations.Values, Topics, Columns)),
        new("documentPrior", NumericArray.From<double>(documentPrior)),
        new("wordPrior", NumericArray.From<double>([WordPrior])),
        new("meanLength", NumericArray.From<double>([MeanLength])),
    ];

    /// <summary>Restores a model from what <see cref="Definition"/> and <see cref="Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters.</param>
    /// <exception cref="ElboException">Something is missing, or sizes do not agree.</exception>
    public static LatentDirichletAllocation Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) =>
        LatentDirichletAllocationDefinition.Read(definition, parameters);

    private DocumentCounts Documents(Observations rows)
    {
        CheckColumns(rows);
        return DocumentCounts.FromObservations(rows);
    }

    private DocumentPosteriors Infer(Observations rows, Runtime runtime) => Infer(Documents(rows), runtime);

    private DocumentPosteriors Infer(DocumentCounts documents, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        if (documents.Vocabulary != Columns) throw new ElboException($"The model knows {Columns} words, and '{documents.Name}' has {documents.Vocabulary}; give counts of the same words.");
        int stride = CountProducts.Stride(Topics);
        double[] lambda = new double[Columns * stride];
        lambda.AsSpan().Fill(1);
        for (int w = 0; w < Columns; w++)
            for (int k = 0; k < Topics; k++) lambda[w * stride + k] = concentrations[k, w];
        DocumentPosteriors posteriors = new(documents, documentPrior, stride, runtime);
        posteriors.Update(TopicWeights.Of(lambda, Columns, Topics, WordPrior, runtime), VerbIterations, VerbTolerance, anew: false, runtime);
        return posteriors;
    }

    private static int Pick(ReadOnlySpan<double> cumulative, double uniform)
    {
        int index = cumulative.BinarySearch(uniform * cumulative[^1]);
        return Math.Min(index < 0 ? ~index : index, cumulative.Length - 1);
    }

    private static void CheckPositive(ReadOnlySpan<double> values, string what)
    {
        foreach (double value in values)
            if (!(value > 0 && double.IsFinite(value))) throw new ElboException($"The value {value} was given for {what}; give positive numbers.");
    }
}
