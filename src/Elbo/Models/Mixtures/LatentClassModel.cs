using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// Latent class analysis: a mixture of K products of categorical distributions, p(x) = Σₖ πₖ Πⱼ pₖⱼ(xⱼ), fitted by EM (Goodman, "Exploratory latent structure
/// analysis using both identifiable and unidentifiable models", 1974). A missing value drops out of the product, which integrates it out exactly. Equal rows are
/// taken together with their counts, which changes nothing but the time.
/// </summary>
public sealed class LatentClassModel : MixtureModel
{
    internal const string KindName = "latent-class";

    private readonly CategoricalComponents components;

    internal LatentClassModel(ReadOnlySpan<double> weights, CategoricalComponents components)
        : base(weights, components) => this.components = components;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Latent class model, {Components} class{(Components == 1 ? "" : "es")}, {Columns} columns";

    /// <summary>The least that a probability may be.</summary>
    public double Regularization => components.Regularization;

    /// <summary>The levels of each column.</summary>
    public CategoryLevels Levels => components.Levels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames => [.. Enumerable.Range(0, Components).Select(static k => $"class{k}")];

    /// <summary>p, <c>[K, L]</c>: the probabilities of the levels of one column, a copy.</summary>
    /// <param name="column">Which, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public Matrix Probabilities(int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns);
        Matrix part = new(Components, Levels.Values(column).Length);
        for (int k = 0; k < Components; k++) components.Probabilities.Row(k).Slice(Levels.Offset(column), part.Columns).CopyTo(part.Row(k));
        return part;
    }

    /// <summary>Makes a model of given parameters.</summary>
    /// <param name="weights">π, <c>[K]</c>.</param>
    /// <param name="levels">The levels of each column.</param>
    /// <param name="probabilities">p, <c>[K, Σ L]</c>: the probabilities of the levels of one column after another; raised to <paramref name="regularization"/> where below it.</param>
    /// <param name="regularization">The least that a probability may be.</param>
    /// <exception cref="ElboException">The sizes disagree, or the probabilities of a column do not sum to 1 within 1e-8.</exception>
    public static LatentClassModel Create(ReadOnlySpan<double> weights, CategoryLevels levels, Matrix probabilities, double regularization = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(probabilities);
        return new LatentClassModel(weights, CategoricalComponents.Create(levels, probabilities, regularization));
    }

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make such a mixture.</exception>
    public static LatentClassModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int count = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns");
        double[] weights = MixtureDefinition.Values(parameters, "weights", count);
        return new LatentClassModel(weights, CategoricalComponents.Load(definition, count, columns, parameters));
    }

    /// <summary>Fits a mixture by EM.</summary>
    /// <param name="rows">The rows of levels, each a number; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fitOptions">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">A value is none that the model can take (names row, column and value), there are fewer distinct rows than components, a column is empty, or a given start does not fit.</exception>
    public static FitResult<LatentClassModel> Fit(
        Observations rows, LatentClassOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new MixtureFit<LatentClassModel>
        {
            Neutral = _ => CategoricalComponents.Neutral(options.Components, options.Regularization, options.Levels ?? (options.StartModel as LatentClassModel)?.Levels ?? CategoryLevels.Of(rows)),
            Load = CategoricalComponents.Load,
            Model = static state => new LatentClassModel(state.Weights, (CategoricalComponents)state.Family),
            HasEqualRows = true,
            Collapse = options.Collapse,
        }.Run(rows, options, fitOptions, runtime, cancellation);
    }
}
