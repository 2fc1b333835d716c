using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A mixture of rows whose columns are of different families, p(x) = Σₖ πₖ Π_b p_b(x_b|k), fitted by EM: within a component the families are independent, so the
/// M-step of each is its own (McLachlan and Peel, "Finite mixture models", 2000). A missing column drops out of the product, which integrates it out exactly.
/// </summary>
public sealed class MixedMixture : MixtureModel
{
    internal const string KindName = "mixed-mixture";

    private readonly MixedComponents components;

    internal MixedMixture(ReadOnlySpan<double> weights, MixedComponents components)
        : base(weights, components) => this.components = components;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title =>
        $"Mixture of {string.Join(", ", Families.GroupBy(static family => family).Select(static group => $"{group.Count()} {ColumnFamilyNames.Of(group.Key)}"))} columns, {Components} component{(Components == 1 ? "" : "s")}";

    /// <summary>The family of each column.</summary>
    public IReadOnlyList<ColumnFamily> Families
    {
        get
        {
            ColumnFamily[] families = new ColumnFamily[Columns];
            foreach (MixedBlock block in components.Blocks)
                foreach (int column in block.Columns) families[column] = block.Family;
            return families;
        }
    }

    /// <summary>The levels of the categorical columns, in their order; null where there is none.</summary>
    public CategoryLevels? Levels => components.Blocks.Select(static block => (block.Components as CategoricalComponents)?.Levels).FirstOrDefault(static levels => levels is not null);

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make such a mixture.</exception>
    public static MixedMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int count = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns");
        double[] weights = MixtureDefinition.Values(parameters, "weights", count);
        return new MixedMixture(weights, MixedComponents.Load(definition, count, columns, parameters));
    }

    /// <summary>Fits a mixture by EM.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fitOptions">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">
    /// A value is none that its column's family can take (names row, column and value), there are fewer distinct rows than components, a column is empty or has no
    /// density, or a given start does not fit.
    /// </exception>
    public static FitResult<MixedMixture> Fit(
        Observations rows, MixedMixtureOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.Families.Count != rows.Columns) throw new ElboException($"Families were given for {options.Families.Count} columns, and '{rows.Name}' has {rows.Columns}; give one for each.");
        return new MixtureFit<MixedMixture>
        {
            Neutral = summary => new MixedComponents(options.Components, rows.Columns, MixedBlock.Neutral(options, rows, summary)),
            Load = MixedComponents.Load,
            Model = static state => new MixedMixture(state.Weights, (MixedComponents)state.Family),
        }.Run(rows, options, fitOptions, runtime, cancellation);
    }
}
