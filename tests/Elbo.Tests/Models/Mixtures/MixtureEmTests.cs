using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using static Elbo.Tests.Models.Mixtures.FamilyProblems;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>What holds of EM for every family.</summary>
public sealed class MixtureEmTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<string> AllFamilies => [.. Families];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void The_likelihood_never_falls(string family)
    {
        // 6 families of 60 problems each; FitLoop throws on a fall, and the bounds are looked at again here.
        for (int problem = 0; problem < 60; problem++)
        {
            RandomStream random = new RandomStream(907).Split((ulong)problem);
            int columns = 2 + (int)random.Integer(4, 1), components = 1 + (int)random.Integer(4, 2);
            Observations rows = Rows(family, random, 30 + (int)random.Integer(60, 3), columns);
            StartMethod start = (StartMethod)(problem % 3);
            FitResult<MixtureModel> fit = Fit(family, rows, components, new FitOptions { Seed = (ulong)problem, MaxIterations = 40, Tolerance = 0 }, runtime, start);
            for (int i = 1; i < fit.Bounds.Count; i++)
                Assert.True(fit.Bounds[i] >= fit.Bounds[i - 1] - 1e-10 * Math.Max(1, Math.Abs(fit.Bounds[i])), $"{family}, problem {problem}, iteration {i}: {fit.Bounds[i - 1]:R} then {fit.Bounds[i]:R}");
            double[] logs = LogDensity(fit.Model, rows, runtime);
            double total = 0;
            for (int n = 0; n < logs.Length; n++) total += rows.Weights[n] * logs[n];
            Assert.Equal(total / rows.TotalWeight, fit.Elbo, 1e-9);
            foreach (double value in fit.Model.Encode(rows, runtime).Values.ToArray().Concat(fit.Model.Reconstruct(rows, runtime).Values.ToArray()))
                Assert.True(double.IsFinite(value), $"{family}, problem {problem}");
        }
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Any_number_of_threads_gives_the_same_bytes(string family)
    {
        Observations rows = Rows(family, new RandomStream(3), 1500, 4);
        List<byte[]> found = [];
        foreach (int threads in (int[])[1, 2, 3])
        {
            using Runtime own = new(threads);
            MixtureModel model = Fit(family, rows, 3, new FitOptions { MaxIterations = 10, Restarts = 2 }, own).Model;
            found.Add([.. model.Parameters.SelectMany(parameter => parameter.Value.Bytes.ToArray()), .. model.Encode(rows, own).Values.ToArray().SelectMany(BitConverter.GetBytes)]);
        }

        Assert.Equal(found[0], found[1]);
        Assert.Equal(found[0], found[2]);
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Weights_count_as_repeated_rows_do(string family)
    {
        Observations rows = Rows(family, new RandomStream(11), 40, 3, weighted: false);
        Matrix values = rows.ToMatrix(), repeated = new(80, 3);
        double[] weights = new double[40];
        int next = 0;
        for (int n = 0; n < 40; n++)
        {
            weights[n] = 1 + n % 3 == 1 ? 1 : n % 3 == 1 ? 3 : 2;
            for (int i = 0; i < weights[n] && next < 80; i++) values.Row(n).CopyTo(repeated.Row(next++));
        }

        Matrix all = new(next, 3, repeated.Values[..(3 * next)].ToArray());
        double total = 0;
        for (int n = 0; n < 40; n++) total += weights[n];
        Assert.Equal(total, next);
        Dictionary<string, Elbo.Storage.NumericArray> start = Fit(family, rows, 2, new FitOptions { MaxIterations = 3, Tolerance = 0 }, runtime).Model.Parameters.ToDictionary();
        FitResult<MixtureModel> weighted = FitFrom(family, Observations.FromMatrix("weighted", values, null, weights), start), plain = FitFrom(family, Observations.FromMatrix("repeated", all), start);
        for (int i = 0; i < weighted.Bounds.Count; i++) Assert.Equal(plain.Bounds[i], weighted.Bounds[i], 1e-11);
        Assert.Equal(plain.Bic, weighted.Bic, 1e-8);
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void A_model_read_back_is_the_same_model(string family)
    {
        Observations rows = Rows(family, new RandomStream(5), 60, 3);
        MixtureModel model = Fit(family, rows, 2, new FitOptions { MaxIterations = 5 }, runtime).Model;
        Dictionary<string, Elbo.Storage.NumericArray> parameters = model.Parameters.ToDictionary();
        MixtureModel read = family switch
        {
            "bernoulli" => BernoulliMixture.Load(model.Definition, parameters),
            "latent-class" => LatentClassModel.Load(model.Definition, parameters),
            "poisson" => PoissonMixture.Load(model.Definition, parameters),
            "mixed" => MixedMixture.Load(model.Definition, parameters),
            _ => StudentMixture.Load(model.Definition, parameters),
        };
        Assert.Equal(LogDensity(model, rows, runtime), LogDensity(read, rows, runtime));
        Assert.Equal(model.Definition.GetRawText(), read.Definition.GetRawText());
        Assert.Equal(model.FreeParameters, read.FreeParameters);
        parameters.Remove("weights");
        Assert.Contains("weights", Assert.Throws<ElboException>(() => BernoulliMixture.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Draws_have_the_means_of_the_model(string family)
    {
        Observations rows = Rows(family, new RandomStream(17), 300, 3);
        MixtureModel model = Fit(family, rows, 2, new FitOptions { MaxIterations = 30 }, runtime).Model;
        // Levels have no mean; of a mixed model, three columns are drawn, which are normal, Bernoulli and Poisson.
        if (family == "latent-class") return;
        if (model is StudentMixture student && student.DegreesOfFreedom.ToArray().Any(static value => value < 2.5)) model = WithDegrees(student, 6);
        const int draws = 40_000;
        Matrix sample = model.Sample(draws, new RandomStream(23)), means = model.ComponentMeans();
        for (int j = 0; j < 3; j++)
        {
            double mean = 0, square = 0, expected = 0;
            for (int n = 0; n < draws; n++) mean += sample[n, j] / draws;
            for (int n = 0; n < draws; n++) square += (sample[n, j] - mean) * (sample[n, j] - mean) / draws;
            for (int k = 0; k < 2; k++) expected += model.Weights[k] * means[k, j];
            Assert.InRange(mean - expected, -5 * Math.Sqrt(square / draws), 5 * Math.Sqrt(square / draws));
        }
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Imputed_rows_keep_what_is_there(string family)
    {
        Observations rows = Rows(family, new RandomStream(29), 50, 4);
        MixtureModel model = Fit(family, rows, 2, new FitOptions { MaxIterations = 10 }, runtime).Model;
        Matrix values = rows.ToMatrix(), mean = model.Impute(rows, null, runtime), drawn = model.Impute(rows, new RandomStream(4), runtime);
        for (int i = 0; i < values.Values.Length; i++)
        {
            Assert.True(double.IsFinite(mean.Values[i]) && double.IsFinite(drawn.Values[i]));
            if (double.IsNaN(values.Values[i])) continue;
            Assert.Equal(values.Values[i], mean.Values[i]);
            Assert.Equal(values.Values[i], drawn.Values[i]);
        }

        // What was drawn can be a row of the model: no value is refused.
        Assert.All(LogDensity(model, Observations.FromMatrix("drawn", drawn), runtime), static log => Assert.True(double.IsFinite(log)));
    }

    private FitResult<MixtureModel> FitFrom(string family, Observations rows, Dictionary<string, Elbo.Storage.NumericArray> start)
    {
        FitOptions options = new() { MaxIterations = 10, Tolerance = 0 };
        return family switch
        {
            "bernoulli" => Widen(BernoulliMixture.Fit(rows, new BernoulliMixtureOptions { Components = 2, StartParameters = start }, options, runtime)),
            "latent-class" => Widen(LatentClassModel.Fit(rows, new LatentClassOptions { Components = 2, StartParameters = start }, options, runtime)),
            "poisson" => Widen(PoissonMixture.Fit(rows, new PoissonMixtureOptions { Components = 2, StartParameters = start }, options, runtime)),
            "student-full" => Widen(StudentMixture.Fit(rows, new StudentMixtureOptions { Components = 2, StartParameters = start }, options, runtime)),
            "mixed" => Widen(MixedMixture.Fit(rows, new MixedMixtureOptions { Components = 2, StartParameters = start, Families = MixedFamilies(rows.Columns) }, options, runtime)),
            _ => Widen(StudentMixture.Fit(rows, new StudentMixtureOptions { Components = 2, StartParameters = start, Scale = CovarianceKind.Diagonal }, options, runtime)),
        };
    }

    private static FitResult<MixtureModel> Widen<TModel>(FitResult<TModel> fit)
        where TModel : MixtureModel => new(fit.Model, fit.Bounds, fit.Stop, fit.Iterations, fit.Explanation, fit.TotalWeight);

    private static StudentMixture WithDegrees(StudentMixture model, double degrees)
    {
        double[] scales = model.Parameters.ToDictionary()["scales"].ToDouble();
        return StudentMixture.Create(model.Weights, model.Locations, scales, [.. Enumerable.Repeat(degrees, model.Components)], model.Scale);
    }
}
