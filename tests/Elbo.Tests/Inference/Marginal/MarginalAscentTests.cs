using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Tests.Models.Factors;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Inference.Marginal;

/// <summary>Gradient ascent on the exact likelihood, and Fisher's identity: ∇ ln p(x) = E[∇ ln p(x, z)|x].</summary>
public sealed class MarginalAscentTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void The_graph_is_the_density_of_the_model(double missing)
    {
        Matrix values = FactorProblems.Rows(81, 30, 4, 2, missing);
        if (missing > 0) values.Row(3).Fill(double.NaN);
        Observations rows = FactorProblems.Observe(values);
        FactorAnalysis factors = FactorAnalysis.Fit(rows, new FactorAnalysisOptions { Factors = 2 }, new FitOptions { MaxIterations = 5 }, runtime).Model;
        Close(FactorProblems.LogDensity(factors, rows, runtime), Densities(new FactorAnalysisLikelihood(rows, 2), factors), 1e-10, "factor analysis");
        GaussianMixture mixture = GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = 2 }, new FitOptions { MaxIterations = 5 }, runtime).Model;
        Close(FactorProblems.LogDensity(mixture, rows, runtime), Densities(new GaussianMixtureLikelihood(rows, 2), mixture), 1e-9, "mixture");
    }

    [Fact]
    public void Ascent_reaches_the_closed_form_of_probabilistic_PCA()
    {
        Observations rows = FactorProblems.Observe(FactorProblems.Rows(82, 100, 6, 3), [.. Enumerable.Range(0, 100).Select(i => 0.5 + i % 3)]);
        FitResult<ProbabilisticPca> closed = ProbabilisticPca.Fit(rows, new ProbabilisticPcaOptions { Factors = 2 }, new FitOptions(), runtime);
        Matrix loadings = new(6, 2);
        RandomStream random = new(83);
        for (int i = 0; i < 12; i++) loadings.Values[i] = random.Normal((ulong)i);
        FitResult<ProbabilisticPca> climbed = MarginalAscent.Fit(
            new ProbabilisticPcaLikelihood(rows, 2), new ProbabilisticPca(new double[6], loadings, 1), new FitOptions { Tolerance = 1e-14 }, runtime);
        Assert.True(climbed.Converged && climbed.Bounds[0] < closed.Elbo - 1, climbed.Explanation);
        Close(closed.Elbo, climbed.Elbo, 1e-9, "likelihood");
        Assert.Equal(closed.TotalWeight, climbed.TotalWeight);
        FactorProblems.Equal(closed.Model.Covariance(), climbed.Model.Covariance(), 1e-3, "covariance");
        Close(climbed.Elbo, Enumerable.Range(0, 100).Sum(i => (0.5 + i % 3) * FactorProblems.LogDensity(climbed.Model, rows, runtime)[i]) / rows.TotalWeight, 1e-10, "the bound of the model returned");
    }

    [Fact]
    public void Ascent_ends_where_EM_ends_and_never_falls()
    {
        Observations rows = FactorProblems.Observe(FactorProblems.Rows(84, 150, 8, 2, missing: 0.25));
        FitOptions precise = new() { Tolerance = 1e-13, MaxIterations = 20_000 };
        FactorAnalysis start = FactorAnalysis.Fit(rows, new FactorAnalysisOptions { Factors = 2 }, new FitOptions { MaxIterations = 2 }, runtime).Model;
        FitResult<FactorAnalysis> em = FactorAnalysis.Fit(rows, new FactorAnalysisOptions { Factors = 2, Start = start }, precise, runtime);
        FitResult<FactorAnalysis> climbed = MarginalAscent.Fit(new FactorAnalysisLikelihood(rows, 2), start, precise, runtime);
        Close(em.Bounds[0], climbed.Bounds[0], 1e-10, "the same start");
        Close(em.Elbo, climbed.Elbo, 1e-7, "likelihood");
        for (int i = 1; i < climbed.Bounds.Count; i++) Assert.True(climbed.Bounds[i] >= climbed.Bounds[i - 1], $"iteration {i}");

        Matrix clouds = FactorProblems.Rows(85, 150, 2, 1);
        for (int i = 0; i < 150; i += 2) (clouds[i, 0], clouds[i, 1]) = (clouds[i, 0] + 6, clouds[i, 1] - 5);
        rows = FactorProblems.Observe(clouds);
        GaussianMixtureOptions options = new() { Components = 2, Regularization = 0 };
        GaussianMixture first = GaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = 1 }, runtime).Model;
        FitResult<GaussianMixture> mixture = GaussianMixture.Fit(rows, options with { StartModel = first }, precise, runtime);
        Close(mixture.Elbo, MarginalAscent.Fit(new GaussianMixtureLikelihood(rows, 2), first, precise, runtime).Elbo, 1e-7, "mixture");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.3, true)]
    [InlineData(0, false)]
    [InlineData(0.3, false)]
    public void Fishers_identity_holds_for_factor_models(double missing, bool isotropic)
    {
        const int Count = 25, Columns = 4, Factors = 2;
        Matrix values = FactorProblems.Rows(86, Count, Columns, 2, missing);
        Observations rows = FactorProblems.Observe(values);
        double[] mean = [0.2, -1, 0.4, 2], noise = isotropic ? [0.6, 0.6, 0.6, 0.6] : [0.5, 1.2, 0.3, 0.8];
        Matrix loadings = Elbo.Numerics.Matrix.FromRows([1, 0.3], [-0.4, 0.8], [0.6, 0.6], [1.1, -0.2]);
        FactorModel model = isotropic ? new ProbabilisticPca(mean, loadings, 0.6) : new FactorAnalysis(mean, loadings, noise);
        Matrix covariance = model.Covariance();

        // E[z|x] and E[zzᵀ|x] from the dense joint Gaussian, as constants; then the expected complete-data log density as a function of the parameters.
        double[] codes = new double[Count * Factors], seconds = new double[Count * Factors * Factors], filled = new double[Count * Columns], mask = new double[Count * Columns];
        for (int n = 0; n < Count; n++)
        {
            int[] observed = [.. Enumerable.Range(0, Columns).Where(j => !double.IsNaN(values[n, j]))];
            Matrix part = new(observed.Length, observed.Length);
            for (int a = 0; a < observed.Length; a++)
                for (int b = 0; b < observed.Length; b++) part[a, b] = covariance[observed[a], observed[b]];
            CholeskyFactor factor = CholeskyFactor.TryFactor(part)!;
            for (int k = 0; k < Factors; k++)
            {
                double[] solved = [.. observed.Select(j => loadings[j, k])];
                factor.Solve(solved);
                codes[n * Factors + k] = observed.Select((j, at) => solved[at] * (values[n, j] - mean[j])).Sum();
                for (int l = 0; l < Factors; l++) seconds[(n * Factors + l) * Factors + k] = (k == l ? 1 : 0) - observed.Select((j, at) => solved[at] * loadings[j, l]).Sum();
            }

            for (int k = 0; k < Factors; k++)
                for (int l = 0; l < Factors; l++) seconds[(n * Factors + l) * Factors + k] += codes[n * Factors + k] * codes[n * Factors + l];
            foreach (int j in observed) (filled[n * Columns + j], mask[n * Columns + j]) = (values[n, j], 1);
        }

        if (model is ProbabilisticPca pca) Compare(new ProbabilisticPcaLikelihood(rows, Factors), pca, graph => Complete(graph.Mean, graph.Loadings, graph.LogNoise));
        else Compare(new FactorAnalysisLikelihood(rows, Factors), (FactorAnalysis)model, graph => Complete(graph.Mean, graph.Loadings, graph.LogNoise));

        Tensor Complete(Tensor mu, Tensor w, Tensor logNoise)
        {
            Tensor centred = Tensor.Constant([Count, Columns], filled) - mu, code = Tensor.Constant([Count, Factors], codes);
            Tensor spread = Tensor.Constant([Count, Factors, Factors], seconds).Reshape([Count, 1, Factors, Factors]) * w.Reshape([1, Columns, Factors, 1]) * w.Reshape([1, Columns, 1, Factors]);
            Tensor squares = centred.Square() - 2 * centred * code.MatMul(w, transposeOther: true) + spread.Sum([2, 3]);
            return (-0.5 * Tensor.Constant([Count, Columns], mask) * (Math.Log(2 * Math.PI) + logNoise + squares / logNoise.Exp())).Sum();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void Fishers_identity_holds_for_a_Gaussian_mixture(double missing)
    {
        const int Count = 20, Columns = 3, Components = 3;
        Matrix values = FactorProblems.Rows(87, Count, Columns, 2, missing);
        Observations rows = FactorProblems.Observe(values);
        GaussianMixture model = GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = Components, Regularization = 0.1 }, new FitOptions { MaxIterations = 2 }, runtime).Model;
        Matrix shares = model.Encode(rows, runtime);
        Compare(new GaussianMixtureLikelihood(rows, Components), model, graph =>
        {
            // Σₙ Σₖ rₙₖ (ln πₖ + ln N(xₙ; μₖ, Σₖ)) with the responsibilities as constants, row by row over what is there.
            Tensor total = 0.0, logWeights = graph.Logits.Value.LogSoftmax();
            for (int k = 0; k < Components; k++)
            {
                Tensor raw = graph.Factors.Value.Slice(0, k, 1).Reshape([Columns, Columns]), lower = Tensor.Where(Tensor.Identity(Columns), raw.Exp(), raw.LowerTriangle());
                Tensor covariance = lower.MatMul(lower, transposeOther: true), mean = graph.Means.Value.Slice(0, k, 1).Reshape([Columns, 1]);
                for (int n = 0; n < Count; n++)
                {
                    int[] observed = [.. Enumerable.Range(0, Columns).Where(j => !double.IsNaN(values[n, j]))];
                    if (observed.Length == 0) continue;
                    double[] pick = new double[observed.Length * Columns];
                    for (int i = 0; i < observed.Length; i++) pick[i * Columns + observed[i]] = 1;
                    Tensor select = Tensor.Constant([observed.Length, Columns], pick);
                    Tensor factor = select.MatMul(covariance).MatMul(select, transposeOther: true).Cholesky();
                    Tensor centred = Tensor.Constant([observed.Length, 1], [.. observed.Select(j => values[n, j])]) - select.MatMul(mean);
                    Tensor density = -0.5 * (factor.TriangularSolve(centred).Square().Sum() + observed.Length * Math.Log(2 * Math.PI)) - factor.Diagonal().Log().Sum();
                    total += shares[n, k] * (density + logWeights.Slice(0, k, 1).Sum());
                }
            }

            // A row with no value still says which weights are: its share is the prior's, whose gradient is 0.
            return total;
        });
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        Observations rows = FactorProblems.Observe(FactorProblems.Rows(88, 10, 3, 1));
        ElboException refused = Assert.Throws<ElboException>(() => MarginalAscent.Fit(new ProbabilisticPcaLikelihood(rows, 2), new ProbabilisticPca([0, 0, 0], new Matrix(3, 1), 1), new FitOptions(), runtime));
        Assert.Contains("3 columns and 1 factors, and 3 and 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ask for 1 to 3", Assert.Throws<ElboException>(() => new FactorAnalysisLikelihood(rows, 4)).Message, StringComparison.Ordinal);
    }

    private double[] Densities<TModel>(LikelihoodGraph<TModel> graph, TModel model)
        where TModel : RowModel
    {
        using VariableStore<double> store = new();
        graph.Write(model, store);
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [graph.LogDensity]);
        plan.Run();
        return plan.Output(0).ToArray();
    }

    /// <summary>The gradient of Σ ln p(x) beside that of the expected complete-data log density at the same place.</summary>
    private void Compare<TGraph, TModel>(TGraph graph, TModel model, Func<TGraph, Tensor> complete)
        where TGraph : LikelihoodGraph<TModel>
        where TModel : RowModel
    {
        using VariableStore<double> store = new();
        graph.Write(model, store);
        Tensor[] targets = [.. graph.Variables.Select(variable => variable.Value)];
        Tensor[] marginal = graph.LogDensity.Sum().Gradients(targets), expected = complete(graph).Gradients(targets);
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [.. marginal, .. expected]);
        plan.Run();
        for (int i = 0; i < targets.Length; i++)
        {
            double[] gradient = plan.Output(i).ToArray();
            Assert.Contains(gradient, value => Math.Abs(value) > 0.1);
            Close(plan.Output(targets.Length + i).ToArray(), gradient, 1e-9, graph.Variables[i].Name);
        }
    }
}
