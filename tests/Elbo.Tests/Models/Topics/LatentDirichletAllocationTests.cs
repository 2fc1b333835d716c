using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Topics;

public sealed class LatentDirichletAllocationTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void One_topic_is_the_Dirichlet_multinomial_evidence()
    {
        double[,] counts = RandomCounts(3, 9, 12, 20);
        const double Eta = 0.37;
        FitResult<LatentDirichletAllocation> fit = Fit(counts, new() { Topics = 1, WordPrior = Eta, DocumentPrior = 2.2 }, new());
        double[] totals = new double[12];
        for (int d = 0; d < 9; d++)
            for (int w = 0; w < 12; w++) totals[w] += counts[d, w];
        double[] prior = new double[12];
        Array.Fill(prior, Eta);
        Assert.Equal(new DirichletFactor(prior).LogEvidence(totals), fit.Elbo * 9, 1e-9);
        Assert.Equal(FitStop.Converged, fit.Stop);
    }

    [Fact]
    public void Every_coordinate_raises_the_bound_and_the_library_takes_the_same_steps()
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            RandomStream random = new(seed);
            int documents = 2 + (int)random.Integer(4, 0), words = 2 + (int)random.Integer(12, 1), topics = 1 + (int)random.Integer(10, 2);
            double alpha = Math.Exp(2 * random.Normal(3)), eta = Math.Exp(2 * random.Normal(4));
            double[,] counts = RandomCounts(seed, documents, words, 15);
            Matrix start = new(topics, words);
            for (int i = 0; i < start.Values.Length; i++) start.Values[i] = 0.1 + 2 * random.Uniform((ulong)(100 + i));
            NaiveLda naive = new(counts, topics, alpha, eta, (k, w) => start[k, w]);
            FitResult<LatentDirichletAllocation> fit = Fit(
                counts, new() { Topics = topics, DocumentPrior = alpha, WordPrior = eta, Start = start, DocumentIterations = 2, DocumentTolerance = 0, RestartDocuments = false }, new FitOptions { Tolerance = 0, MaxIterations = 4 });
            double last = double.NegativeInfinity;
            void Rises(string what)
            {
                double bound = naive.Bound();
                Assert.True(bound >= last - 1e-10 * (1 + Math.Abs(bound)), $"Seed {seed}, {what}: from {last} to {bound}.");
                last = bound;
            }

            for (int iteration = 0; iteration < fit.Bounds.Count; iteration++)
            {
                for (int repeat = 0; repeat < 2; repeat++)
                {
                    for (int d = 0; d < documents; d++)
                    {
                        naive.UpdatePhi(d);
                        Rises("φ");
                        naive.UpdateGamma(d);
                        Rises("γ");
                    }
                }

                Assert.Equal(naive.Bound() / documents, fit.Bounds[iteration], 1e-9 * (1 + Math.Abs(fit.Bounds[iteration])));
                if (iteration == fit.Bounds.Count - 1) break;
                for (int k = 0; k < topics; k++)
                {
                    naive.UpdateLambda(k);
                    Rises("λ");
                }
            }

            for (int k = 0; k < topics; k++)
                for (int w = 0; w < words; w++) Assert.Equal(naive.Lambda[k, w], fit.Model.Concentrations[k, w], 1e-8 * (1 + naive.Lambda[k, w]));
        }
    }

    [Fact]
    public void Priors_too_small_for_exponentials_are_computed_from_logarithms()
    {
        // ψ(0.0005) = −2000: no product of exponentials is in the range of doubles once words and documents disagree on their topic.
        double[,] counts = { { 9, 0, 0, 0, 1 }, { 0, 7, 0, 0, 2 }, { 1, 0, 3, 0, 0 }, { 0, 1, 4, 2, 0 } };
        Matrix start = Matrix.FromRows([5, 5e-4, 5e-4, 5e-4, 5e-4], [5e-4, 5, 5, 5e-4, 5e-4], [5e-4, 5e-4, 5e-4, 3, 3]);
        const double Prior = 5e-4;
        NaiveLda naive = new(counts, 3, Prior, Prior, (k, w) => start[k, w]);
        FitResult<LatentDirichletAllocation> fit = Fit(
            counts, new() { Topics = 3, DocumentPrior = Prior, WordPrior = Prior, Start = start, DocumentIterations = 3, DocumentTolerance = 0, RestartDocuments = false }, new FitOptions { Tolerance = 0, MaxIterations = 3 });
        foreach (double bound in fit.Bounds)
        {
            for (int d = 0; d < 4; d++)
            {
                for (int repeat = 0; repeat < 3; repeat++)
                {
                    naive.UpdatePhi(d);
                    naive.UpdateGamma(d);
                }
            }

            Assert.Equal(naive.Bound() / 4, bound, 1e-9 * Math.Abs(bound));
            for (int k = 0; k < 3; k++) naive.UpdateLambda(k);
        }

        foreach (double value in fit.Model.Concentrations.Values) Assert.True(value > 0);
    }

    [Fact]
    public void The_topics_and_the_bound_are_those_of_scikit_learn_from_the_same_start()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "lda.json")));
        JsonElement root = golden.RootElement;
        Matrix counts = Table(root.GetProperty("counts"));
        Observations rows = Observations.FromMatrix("golden", counts);
        LatentDirichletAllocationOptions options = new()
        {
            Topics = 3,
            DocumentPrior = root.GetProperty("alpha").GetDouble(),
            WordPrior = root.GetProperty("eta").GetDouble(),
            Start = Table(root.GetProperty("start")),
            DocumentIterations = 100_000,
            DocumentTolerance = 1e-13,
        };
        FitResult<LatentDirichletAllocation> fit = LatentDirichletAllocation.Fit(rows, options, new FitOptions { Tolerance = 0, MaxIterations = 5 }, runtime);
        double[] bounds = [.. root.GetProperty("bounds").EnumerateArray().Select(static value => value.GetDouble()), root.GetProperty("bound").GetDouble()];
        Assert.Equal(6, fit.Bounds.Count);
        for (int i = 0; i < 6; i++) Assert.Equal(bounds[i], fit.Bounds[i] * counts.Rows, 1e-8 * Math.Abs(bounds[i]));
        AssertClose(Table(root.GetProperty("components")), fit.Model.Concentrations, 1e-7);
        AssertClose(Table(root.GetProperty("proportions")), fit.Model.Encode(rows, runtime), 2e-5);
        // Its perplexity counts the topics' divergence too, spread over the words.
        DocumentCounts documents = DocumentCounts.FromObservations(rows);
        Assert.Equal(root.GetProperty("perplexity").GetDouble(), Math.Exp(-fit.Elbo * counts.Rows / documents.TotalCount), 1e-7);
        Assert.True(fit.Model.Perplexity(documents, runtime) < root.GetProperty("perplexity").GetDouble());
    }

    [Fact]
    public void Documents_that_start_anew_never_lower_the_bound_and_find_the_topics_that_others_miss()
    {
        // Ten topics of ten words each, so nearly alike at the start that documents without a second look keep what they chose then.
        RandomStream random = new(41);
        int[][] tokens = new int[400][];
        for (int d = 0; d < tokens.Length; d++) tokens[d] = [.. Enumerable.Range(0, 40).Select(i => 10 * ((d + i % 2 * (d / 10)) % 10) + (int)random.Split((ulong)d).Integer(10, (ulong)i))];
        DocumentCounts documents = DocumentCounts.FromTokens("tokens", tokens, 100);
        FitOptions fit = new() { MaxIterations = 25, Tolerance = 0 };
        FitResult<LatentDirichletAllocation> anew = LatentDirichletAllocation.Fit(documents, new() { Topics = 10 }, fit, runtime);
        FitResult<LatentDirichletAllocation> kept = LatentDirichletAllocation.Fit(documents, new() { Topics = 10, RestartDocuments = false }, fit, runtime);
        for (int i = 1; i < anew.Bounds.Count; i++) Assert.True(anew.Bounds[i] >= anew.Bounds[i - 1] - 1e-10, $"Iteration {i}: from {anew.Bounds[i - 1]} to {anew.Bounds[i]}.");
        Assert.True(anew.Elbo > kept.Elbo + 10, $"{anew.Elbo} anew, {kept.Elbo} otherwise.");
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Three_blocks_of_words_are_three_topics(ulong seed)
    {
        double[,] counts = new double[9, 9];
        for (int d = 0; d < 9; d++)
            for (int w = 0; w < 9; w++) counts[d, w] = d / 3 == w / 3 ? 3 : 0;
        FitResult<LatentDirichletAllocation> fit = Fit(counts, new() { Topics = 3 }, new FitOptions { Seed = seed, Restarts = 3 });
        int[][] top = [.. Enumerable.Range(0, 3).Select(k => fit.Model.TopWords(k, 3).Select(static word => word.Word).Order().ToArray()).OrderBy(static words => words[0])];
        Assert.Equal([[0, 1, 2], [3, 4, 5], [6, 7, 8]], top);
        Assert.Equal(1, fit.Model.TopWords(0, 9).Sum(static word => word.Probability), 1e-12);
        for (int i = 1; i < fit.Bounds.Count; i++) Assert.True(fit.Bounds[i] >= fit.Bounds[i - 1] - 1e-11);
    }

    [Fact]
    public void A_stochastic_step_of_all_documents_and_rate_one_is_coordinate_ascent_to_the_last_bit()
    {
        double[,] counts = RandomCounts(5, 70, 40, 30);
        LatentDirichletAllocationOptions options = new() { Topics = 5 };
        FitOptions fit = new() { MaxIterations = 4, Tolerance = 0 };
        FitResult<LatentDirichletAllocation> batch = Fit(counts, options, fit);
        FitResult<LatentDirichletAllocation> online = Fit(counts, options with { Online = new() { BatchSize = 70, Delay = 1, Decay = 0 } }, fit);
        Assert.Equal(batch.Bounds, online.Bounds);
        Assert.Equal(batch.Model.Concentrations.Values, online.Model.Concentrations.Values);
        online = Fit(counts, options with { Online = new() { BatchSize = 70, Delay = 1, Decay = 0.6 } }, fit);
        Assert.Equal(batch.Bounds.Take(2), online.Bounds.Take(2));
        Assert.NotEqual(batch.Bounds[2], online.Bounds[2]);
    }

    [Fact]
    public void Stochastic_batches_come_near_the_bound_of_coordinate_ascent()
    {
        LatentDirichletAllocation truth = new(new Matrix(3, 12, [.. Enumerable.Range(0, 36).Select(static i => i / 12 == i % 12 / 4 ? 50.0 : 0.5)]), [0.3, 0.3, 0.3], 0.1, 40);
        Observations rows = Observations.FromMatrix("drawn", truth.Sample(600, new RandomStream(21)));
        LatentDirichletAllocationOptions options = new() { Topics = 3, DocumentPrior = 0.3, WordPrior = 0.1 };
        FitResult<LatentDirichletAllocation> batch = LatentDirichletAllocation.Fit(rows, options, new FitOptions { Restarts = 3, Tolerance = 1e-4 }, runtime);
        FitResult<LatentDirichletAllocation> online = LatentDirichletAllocation.Fit(rows, options with { Online = new() { BatchSize = 50, Delay = 2 } }, new FitOptions { Restarts = 3, MaxIterations = 12 }, runtime);
        Assert.InRange(online.Elbo, batch.Elbo - 0.3, batch.Elbo + 0.001);
        Assert.True(online.Bounds[0] < batch.Elbo - 5, "The start is already as good.");
    }

    [Fact]
    public void The_same_bytes_at_any_number_of_threads()
    {
        double[,] counts = RandomCounts(8, 150, 700, 60);
        foreach (StochasticOptions? online in (StochasticOptions?[])[null, new() { BatchSize = 37 }])
        {
            double[][] results = new double[3][];
            for (int threads = 1; threads <= 3; threads++)
            {
                using Runtime workers = new(threads);
                FitResult<LatentDirichletAllocation> fit = LatentDirichletAllocation.Fit(Rows(counts), new() { Topics = 11, Online = online }, new FitOptions { MaxIterations = 5, Tolerance = 0 }, workers);
                Matrix codes = fit.Model.Encode(Rows(counts), workers);
                results[threads - 1] = [.. fit.Bounds, .. fit.Model.Concentrations.Values, .. codes.Values];
            }

            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
        }
    }

    [Fact]
    public void A_weight_of_two_is_the_document_twice()
    {
        double[,] counts = RandomCounts(13, 6, 8, 25);
        Matrix twice = new(8, 8);
        double[] weights = [1, 2, 1, 1, 2, 1];
        int target = 0;
        for (int d = 0; d < 6; d++)
        {
            for (int copy = 0; copy < weights[d]; copy++, target++)
                for (int w = 0; w < 8; w++) twice[target, w] = counts[d, w];
        }

        Matrix start = new(2, 8);
        for (int i = 0; i < 16; i++) start.Values[i] = 1 + 0.1 * i;
        LatentDirichletAllocationOptions options = new() { Topics = 2, Start = start, RestartDocuments = false };
        FitOptions fit = new() { MaxIterations = 20, Tolerance = 0 };
        FitResult<LatentDirichletAllocation> weighted = LatentDirichletAllocation.Fit(Observations.FromMatrix("weighted", Rows(counts).ToMatrix(), weights: weights), options, fit, runtime);
        FitResult<LatentDirichletAllocation> repeated = LatentDirichletAllocation.Fit(Observations.FromMatrix("repeated", twice), options, fit, runtime);
        Assert.Equal(8, weighted.TotalWeight);
        Assert.Equal(repeated.Elbo, weighted.Elbo, 1e-10);
        AssertClose(repeated.Model.Concentrations, weighted.Model.Concentrations, 1e-9);
        Assert.Equal(repeated.Model.MeanLength, weighted.Model.MeanLength, 1e-12);
    }

    [Fact]
    public void Densities_proportions_and_reconstructions_agree_with_each_other()
    {
        double[,] counts = RandomCounts(17, 30, 20, 40);
        for (int w = 0; w < 20; w++) counts[3, w] = 0;
        FitResult<LatentDirichletAllocation> fit = Fit(counts, new() { Topics = 4, DocumentPrior = 0.6 }, new FitOptions { MaxIterations = 30 });
        Observations rows = Rows(counts);
        double[] bounds = new double[30];
        fit.Model.LogDensity(rows, bounds, runtime);
        Matrix codes = fit.Model.Encode(rows, runtime), expected = fit.Model.Reconstruct(rows, runtime), topics = fit.Model.MeanTopics();
        Assert.Equal(0, bounds[3], 1e-12);
        Assert.Equal([0.25, 0.25, 0.25, 0.25], codes.Row(3).ToArray().Select(static x => Math.Round(x, 12)));
        double words = 0;
        for (int d = 0; d < 30; d++)
        {
            double length = Enumerable.Range(0, 20).Sum(w => counts[d, w]);
            words += length;
            Assert.Equal(1, codes.Row(d).ToArray().Sum(), 1e-12);
            Assert.Equal(length, expected.Row(d).ToArray().Sum(), 1e-9);
            Assert.Equal(length * Enumerable.Range(0, 4).Sum(k => codes[d, k] * topics[k, 7]), expected[d, 7], 1e-10);
        }

        DocumentCounts documents = DocumentCounts.FromObservations(rows);
        Assert.Equal(Math.Exp(-bounds.Sum() / words), fit.Model.Perplexity(documents, runtime), 1e-9);
        // Perplexity is per word: the same documents twice, or few of them, lie on one scale. scikit-learn's held-out figure does not.
        Matrix few = new(2, 20);
        for (int d = 0; d < 2; d++)
            for (int w = 0; w < 20; w++) few[d, w] = counts[d, w];
        double fewWords = few.Values.ToArray().Sum();
        Assert.Equal(Math.Exp(-(bounds[0] + bounds[1]) / fewWords), fit.Model.Perplexity(DocumentCounts.FromObservations(Observations.FromMatrix("few", few)), runtime), 1e-9);
    }

    [Fact]
    public void A_documents_bound_lies_below_its_predictive_probability()
    {
        // One word: p(w) = Σₖ E[θₖ] E[βₖw] exactly. With concentrated topics the bound comes close.
        LatentDirichletAllocation model = new(Matrix.FromRows([9000.0, 1000.0], [2000.0, 8000.0]), [0.7, 1.3], 1, 10);
        double[] bounds = new double[2];
        model.LogDensity(Observations.FromMatrix("words", Matrix.FromRows([1.0, 0.0], [0.0, 1.0])), bounds, runtime);
        double first = Math.Log(0.35 * 0.9 + 0.65 * 0.2), second = Math.Log(0.35 * 0.1 + 0.65 * 0.8);
        Assert.InRange(first - bounds[0], 0, 0.2);
        Assert.InRange(second - bounds[1], 0, 0.2);
    }

    [Fact]
    public void Drawn_documents_have_the_models_lengths_and_words()
    {
        LatentDirichletAllocation model = new(Matrix.FromRows([6.0, 3.0, 1.0], [1.0, 1.0, 8.0]), [1.0, 3.0], 0.5, 25);
        Matrix drawn = model.Sample(4000, new RandomStream(31));
        double[] totals = new double[3];
        for (int d = 0; d < drawn.Rows; d++)
            for (int w = 0; w < 3; w++) totals[w] += drawn[d, w];
        double length = totals.Sum() / 4000;
        Assert.InRange(length, 25 - 4 * 5 / Math.Sqrt(4000), 25 + 4 * 5 / Math.Sqrt(4000));
        double[] expected = [0.25 * 0.6 + 0.75 * 0.1, 0.25 * 0.3 + 0.75 * 0.1, 0.25 * 0.1 + 0.75 * 0.8];
        for (int w = 0; w < 3; w++) Assert.InRange(totals[w] / totals.Sum(), expected[w] - 0.015, expected[w] + 0.015);
        Assert.Equal(drawn.Values, model.Sample(4000, new RandomStream(31)).Values);
    }

    [Fact]
    public void A_model_comes_back_from_its_definition_and_parameters()
    {
        LatentDirichletAllocation model = new(Matrix.FromRows([0.1, 2.0, 3.0], [4.0, 5.0, 0.6]), [0.3, 0.9], 0.25, 17.5, ["ant", "bee", "cat"]);
        Dictionary<string, NumericArray> parameters = new(model.Parameters);
        LatentDirichletAllocation loaded = LatentDirichletAllocation.Load(model.Definition, parameters);
        Assert.Equal(model.Concentrations.Values, loaded.Concentrations.Values);
        Assert.Equal(model.DocumentPrior, loaded.DocumentPrior);
        Assert.Equal((0.25, 17.5), (loaded.WordPrior, loaded.MeanLength));
        Assert.Equal("bee", loaded.TopWords(0, 2)[1].Name);
        parameters.Remove("wordPrior");
        Assert.Contains("wordPrior", Assert.Throws<ElboException>(() => LatentDirichletAllocation.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
        parameters["wordPrior"] = NumericArray.From<double>([-1.0]);
        Assert.Contains("-1", Assert.Throws<ElboException>(() => LatentDirichletAllocation.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_in_one_sentence()
    {
        LatentDirichletAllocationOptions options = new() { Topics = 2 };
        string Message(Matrix rows, LatentDirichletAllocationOptions? given = null) =>
            Assert.Throws<ElboException>(() => LatentDirichletAllocation.Fit(Observations.FromMatrix("bad", rows), given ?? options, new FitOptions(), runtime)).Message;
        Assert.Contains("Row 1, column 'x0' of 'bad' is -2", Message(Matrix.FromRows([1.0, 2.0], [-2.0, 0.0])), StringComparison.Ordinal);
        Assert.Contains("missing", Message(Matrix.FromRows([1.0, double.NaN])), StringComparison.Ordinal);
        Assert.Contains("empty", Message(new Matrix(3, 2)), StringComparison.Ordinal);
        Matrix fine = Matrix.FromRows([1.0, 2.0]);
        Assert.Contains("0 topics", Message(fine, options with { Topics = 0 }), StringComparison.Ordinal);
        Assert.Contains("-0.5", Message(fine, options with { WordPrior = -0.5 }), StringComparison.Ordinal);
        Assert.Contains("[1, 2]", Message(fine, options with { Start = new Matrix(1, 2) }), StringComparison.Ordinal);
        Assert.Contains("decay", Message(fine, options with { Online = new() { Decay = 2 } }), StringComparison.Ordinal);
        Assert.Contains("word 5", Assert.Throws<ElboException>(static () => DocumentCounts.FromTokens("t", [[1, 5]], 3)).Message, StringComparison.Ordinal);
        LatentDirichletAllocation model = new(new Matrix(1, 3, [1, 1, 1]), [1.0], 1, 1);
        Assert.Contains("3 columns", Assert.Throws<ElboException>(() => model.Encode(Observations.FromMatrix("two", fine), runtime)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_are_counted()
    {
        DocumentCounts documents = DocumentCounts.FromTokens("t", [[3, 1, 3, 0, 3], [], [2]], 4);
        Assert.Equal([0, 1, 3], documents.Words(0));
        Assert.Equal([1.0, 1.0, 3.0], documents.Counts(0));
        Assert.True(documents.Words(1).IsEmpty);
        Assert.Equal((3, 4, 6.0), (documents.Documents, documents.Entries, documents.TotalCount));
    }

    private FitResult<LatentDirichletAllocation> Fit(double[,] counts, LatentDirichletAllocationOptions options, FitOptions fit) =>
        LatentDirichletAllocation.Fit(Rows(counts), options, fit, runtime);

    private static Observations Rows(double[,] counts) =>
        Observations.FromMatrix("documents", new Matrix(counts.GetLength(0), counts.GetLength(1), [.. counts.Cast<double>()]));

    private static double[,] RandomCounts(ulong seed, int documents, int words, int length)
    {
        RandomStream random = new RandomStream(seed).Split(77);
        double[,] counts = new double[documents, words];
        for (int d = 0; d < documents; d++)
        {
            RandomStream draws = random.Split((ulong)d);
            // Squares of uniforms: some words are frequent, some rare.
            for (int i = 0; i < length; i++) counts[d, (int)(words * Math.Pow(draws.Uniform((ulong)i), 2) + d) % words]++;
        }

        return counts;
    }

    private static Matrix Table(JsonElement rows) => Matrix.FromRows([.. rows.EnumerateArray().Select(static row => row.EnumerateArray().Select(static value => value.GetDouble()).ToArray())]);

    private static void AssertClose(Matrix expected, Matrix actual, double tolerance)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        for (int i = 0; i < expected.Values.Length; i++) Assert.Equal(expected.Values[i], actual.Values[i], tolerance * (1 + Math.Abs(expected.Values[i])));
    }
}
