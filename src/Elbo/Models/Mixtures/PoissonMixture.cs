using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A mixture of K products of Poisson distributions, p(x) = Σₖ πₖ Πⱼ λₖⱼ^xⱼ e^(−λₖⱼ)/xⱼ!, fitted by EM (McLachlan and Peel, "Finite mixture models", 2000).
/// A missing value drops out of the product, which integrates it out exactly.
/// </summary>
public sealed class PoissonMixture : MixtureModel
{
    internal const string KindName = "poisson-mixture";

    private readonly PoissonComponents components;

    internal PoissonMixture(ReadOnlySpan<double> weights, PoissonComponents components)
        : base(weights, components) => this.components = components;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Poisson mixture, {Components} component{(Components == 1 ? "" : "s")}, {Columns} columns";

    /// <summary>The least that a rate may be.</summary>
    public double Regularization => components.Regularization;

    /// <summary>λ, <c>[K, D]</c>: the expected counts, a copy.</summary>
    public Matrix Rates => components.Means.Clone();

    /// <summary>Makes a mixture of given parameters.</summary>
    /// <param name="weights">π, <c>[K]</c>.</param>
    /// <param name="rates">λ, <c>[K, D]</c>; raised to <paramref name="regularization"/> where below it.</param>
    /// <param name="regularization">The least that a rate may be.</param>
    /// <exception cref="ElboException">The sizes disagree, or a rate is negative or not finite.</exception>
    public static PoissonMixture Create(ReadOnlySpan<double> weights, Matrix rates, double regularization = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(rates);
        return new PoissonMixture(weights, PoissonComponents.Create(rates, regularization));
    }

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make such a mixture.</exception>
    public static PoissonMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int count = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns");
        double[] weights = MixtureDefinition.Values(parameters, "weights", count);
        return new PoissonMixture(weights, PoissonComponents.Load(definition, count, columns, parameters));
    }

    /// <summary>Fits a mixture by EM.</summary>
    /// <param name="rows">The rows of counts; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fitOptions">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">A value is none that the model can take (names row, column and value), there are fewer distinct rows than components, a column is empty, or a given start does not fit.</exception>
    public static FitResult<PoissonMixture> Fit(
        Observations rows, PoissonMixtureOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new MixtureFit<PoissonMixture>
        {
            Neutral = summary => PoissonComponents.Neutral(options.Components, options.Regularization, summary),
            Load = PoissonComponents.Load,
            Model = static state => new PoissonMixture(state.Weights, (PoissonComponents)state.Family),
            HasEqualRows = true,
        }.Run(rows, options, fitOptions, runtime, cancellation);
    }
}
