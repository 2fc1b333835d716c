using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A mixture of K products of Bernoulli distributions, p(x) = Σₖ πₖ Πⱼ pₖⱼ^xⱼ (1 − pₖⱼ)^(1 − xⱼ), fitted by EM (Bishop, "Pattern recognition and machine
/// learning", 2006, equations 9.47, 9.56 and 9.59–9.60). A missing value drops out of the product, which integrates it out exactly.
/// </summary>
public sealed class BernoulliMixture : MixtureModel
{
    internal const string KindName = "bernoulli-mixture";

    private readonly BernoulliComponents components;

    internal BernoulliMixture(ReadOnlySpan<double> weights, BernoulliComponents components)
        : base(weights, components) => this.components = components;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Bernoulli mixture, {Components} component{(Components == 1 ? "" : "s")}, {Columns} columns";

    /// <summary>How far probabilities keep from 0 and 1.</summary>
    public double Regularization => components.Regularization;

    /// <summary>p, <c>[K, D]</c>: the probability of a 1 in each column, a copy.</summary>
    public Matrix Probabilities => components.Means.Clone();

    /// <summary>Makes a mixture of given parameters.</summary>
    /// <param name="weights">π, <c>[K]</c>.</param>
    /// <param name="probabilities">p, <c>[K, D]</c>; moved to within <paramref name="regularization"/> of 0 and 1 where nearer.</param>
    /// <param name="regularization">How far probabilities keep from 0 and 1.</param>
    /// <exception cref="ElboException">The sizes disagree, or a value is no probability.</exception>
    public static BernoulliMixture Create(ReadOnlySpan<double> weights, Matrix probabilities, double regularization = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return new BernoulliMixture(weights, BernoulliComponents.Create(probabilities, regularization));
    }

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make such a mixture.</exception>
    public static BernoulliMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int count = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns");
        double[] weights = MixtureDefinition.Values(parameters, "weights", count);
        return new BernoulliMixture(weights, BernoulliComponents.Load(definition, count, columns, parameters));
    }

    /// <summary>Fits a mixture by EM.</summary>
    /// <param name="rows">The rows of zeros and ones; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fitOptions">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">A value is none that the model can take (names row, column and value), there are fewer distinct rows than components, a column is empty, or a given start does not fit.</exception>
    public static FitResult<BernoulliMixture> Fit(
        Observations rows, BernoulliMixtureOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new MixtureFit<BernoulliMixture>
        {
            Neutral = summary => BernoulliComponents.Neutral(options.Components, options.Regularization, summary),
            Load = BernoulliComponents.Load,
            Model = static state => new BernoulliMixture(state.Weights, (BernoulliComponents)state.Family),
            HasEqualRows = true,
        }.Run(rows, options, fitOptions, runtime, cancellation);
    }
}
