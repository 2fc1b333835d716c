using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>
/// A mixture of factor models, p(x) = Σₖ πₖ N(x; μₖ, WₖWₖᵀ + Ψₖ): of probabilistic principal component analysers (Tipping and Bishop, "Mixtures of Probabilistic
/// Principal Component Analyzers", 1999) or of factor analysers (Ghahramani and Hinton, 1996). Missing values are integrated out exactly. Immutable.
/// </summary>
public sealed class FactorMixture : MixtureModel
{
    private readonly FactorComponents components;

    internal FactorMixture(ReadOnlySpan<double> weights, FactorComponents components)
        : base(weights, components) => this.components = components;

    /// <summary><c>mixture-ppca</c> with isotropic noise, else <c>mixture-factor-analysis</c>.</summary>
    public override string Kind => Noise == FactorNoise.Isotropic ? "mixture-ppca" : "mixture-factor-analysis";

    /// <inheritdoc/>
    public override string Title =>
        $"Mixture of {Components} {(Noise == FactorNoise.Isotropic ? "probabilistic PCA" : "factor analysis")} component{(Components == 1 ? "" : "s")}, {Factors} factor{(Factors == 1 ? "" : "s")} each{(Noise == FactorNoise.Shared ? ", shared noise" : "")}";

    /// <summary>Q, the number of factors of each component.</summary>
    public int Factors => components.Factors;

    /// <summary>What the noise variances may be.</summary>
    public FactorNoise Noise => components.Noise;

    /// <summary>One component as a model of its own.</summary>
    /// <param name="component">k, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public FactorModel Component(int component)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(component);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Components);
        FactorGaussian gaussian = components[component];
        return Noise == FactorNoise.Isotropic ? new ProbabilisticPca(ProbabilisticPcaFit.Principal(gaussian)) : new FactorAnalysis(gaussian, FactorRotation.None, []);
    }

    /// <summary>Σₖ p(k|x)(μₖ + Wₖ E[z|x, k]) of each row, <c>[N, D]</c>.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        Matrix shares = Encode(rows, runtime), result = new(shares.Rows, Columns);
        RowPartition partition = new(rows);
        runtime.For(partition.Parts, (part, _) =>
        {
            double[] code = new double[Factors], explained = new double[Columns];
            partition.ForEachBlock(rows, part, (first, block, _) =>
            {
                for (int n = 0; n < block.Count; n++)
                {
                    for (int k = 0; k < Components; k++)
                    {
                        if (shares[(int)first + n, k] == 0) continue;
                        components.Explain(k, block.Row(n), code, explained);
                        VectorMath.AddScaled(shares[(int)first + n, k], explained, result.Row((int)first + n));
                    }
                }
            });
        });
        return result;
    }

    /// <summary>Fits a mixture by EM over components and factors.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fit">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">There are fewer distinct rows than components, a column is constant or empty, a given start does not fit, or an option is out of range.</exception>
    public static FitResult<FactorMixture> Fit(Observations rows, FactorMixtureOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        fit.Check();
        options.Check(rows.Columns, rows.Name);
        ColumnSummary summary = ColumnSummary.Of(rows, runtime);
        RandomStream random = new(fit.Seed);
        FactorComponents neutral = Neutral(summary, options, rows.MayHaveMissing, random.Split(1));
        neutral.CheckFit(summary, rows);
        DistinctRows.Check(rows, options.Components);
        Func<int, MixtureState> start;
        if (options.StartModel is { } model)
        {
            MixtureState given = new(model.Weights.ToArray(), new FactorComponents(
                [.. Enumerable.Range(0, options.Components).Select(k => model.components[k])], options.Noise, neutral.Floors, rows.MayHaveMissing));
            start = _ => given;
            fit = fit with { Restarts = 1 };
        }
        else
        {
            MixtureStart sample = MixtureStart.Of(rows, summary, random.Split(0));
            start = restart => sample.Make(Neutral(summary, options, rows.MayHaveMissing, random.Split((ulong)restart)), options.Start, random.Split((ulong)restart));
        }

        return MixtureEm.Fit(rows, start, static state => new FactorMixture(state.Weights, (FactorComponents)state.Family), fit, runtime, cancellation);
    }

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a mixture of factor models.</exception>
    public static FactorMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int components = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns"), factors = FactorDefinition.Integer(definition, "factors", 0);
        if (factors > columns) throw new ElboException($"The model's definition has {factors} factors for {columns} columns; at most one for each column.");
        FactorNoise noise = FactorNoises.Parse(MixtureDefinition.Text(definition, "noise"));
        double[] weights = MixtureDefinition.Values(parameters, "weights", components), means = MixtureDefinition.Values(parameters, "means", components, columns);
        double[] loadings = MixtureDefinition.Values(parameters, "loadings", components, columns, factors), variances = MixtureDefinition.Values(parameters, "noiseVariances", components, columns);
        FactorGaussian[] gaussians = new FactorGaussian[components];
        for (int k = 0; k < components; k++)
        {
            ReadOnlySpan<double> own = variances.AsSpan(k * columns, columns);
            FactorDefinition.CheckNoise(own);
            gaussians[k] = new FactorGaussian(means[(k * columns)..((k + 1) * columns)], new Matrix(columns, factors, loadings[(k * columns * factors)..((k + 1) * columns * factors)]), own.ToArray());
        }

        double[] floors = [.. Enumerable.Range(0, columns).Select(j => gaussians.Min(gaussian => gaussian.Noise[j]))];
        return new FactorMixture(weights, new FactorComponents(gaussians, noise, floors, missing: true));
    }

    /// <summary>Components that all have the mean of the whole, with random loadings and noise of half its variance each: the first M-step turns the loadings towards the component's own directions.</summary>
    private static FactorComponents Neutral(ColumnSummary summary, FactorMixtureOptions options, bool missing, RandomStream random)
    {
        int columns = summary.Means.Length, factors = options.Factors;
        double[] variance = new double[columns], floors = new double[columns];
        for (int j = 0; j < columns; j++) variance[j] = summary.Variance(j);
        double mean = variance.Sum() / columns;
        if (options.Noise == FactorNoise.Isotropic) Array.Fill(variance, mean);
        for (int j = 0; j < columns; j++) floors[j] = options.NoiseFloor * variance[j];
        FactorGaussian[] gaussians = new FactorGaussian[options.Components];
        for (int k = 0; k < gaussians.Length; k++)
        {
            Matrix loadings = new(columns, factors);
            RandomStream own = random.Split((ulong)k);
            double[] noise = new double[columns];
            for (int j = 0; j < columns; j++)
            {
                // A constant column is refused right after; until then it needs a density.
                noise[j] = variance[j] > 0 ? 0.5 * variance[j] : 1;
                for (int q = 0; q < factors; q++) loadings[j, q] = Math.Sqrt(0.5 * variance[j] / factors) * own.Normal((ulong)(j * factors + q));
            }

            gaussians[k] = new FactorGaussian(summary.Means.ToArray(), loadings, noise);
        }

        return new FactorComponents(gaussians, options.Noise, floors, missing);
    }
}
