using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// The likelihood of a <see cref="GaussianMixture"/> with full covariances, ln Σₖ πₖ N(x; μₖ, LₖLₖᵀ), over logits, means, and factors Lₖ whose diagonal is kept positive by its logarithm.
/// Nothing keeps a component from collapsing on a row: start from a fitted mixture, or watch the likelihood.
/// </summary>
public sealed class GaussianMixtureLikelihood : LikelihoodGraph<GaussianMixture>
{
    private readonly MaskedRows rows;
    private readonly int components;

    /// <summary>Describes the likelihood.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="components">K, at least 1.</param>
    /// <exception cref="ElboException">There is no component.</exception>
    public GaussianMixtureLikelihood(Observations rows, int components)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (components < 1) throw new ElboException($"{components} components were asked for; at least 1 is needed.");
        this.rows = new MaskedRows(rows);
        this.components = components;
        int columns = rows.Columns;
        Logits = new Variable("logits", [components]);
        Means = new Variable("means", [components, columns]);
        Factors = new Variable("factors", [components, columns, columns]);
        Tensor logWeights = Logits.Value.LogSoftmax();
        Tensor[] joint = new Tensor[components];
        for (int k = 0; k < components; k++)
        {
            Tensor raw = Factors.Value.Slice(0, k, 1).Reshape([columns, columns]);
            Tensor lower = Tensor.Where(Tensor.Identity(columns), raw.Minimum(300.0).Exp(), raw.LowerTriangle());
            Tensor density = this.rows.LogNormal(Means.Value.Slice(0, k, 1).Reshape([columns]), lower.MatMul(lower, transposeOther: true));
            joint[k] = (density + logWeights.Slice(0, k, 1)).Reshape([1, this.rows.Count]);
        }

        LogDensity = Tensor.Concatenate(0, joint).LogSumExp(0);
    }

    /// <summary>ln πₖ up to a constant, <c>[K]</c>.</summary>
    public Variable Logits { get; }

    /// <summary>μ, <c>[K, D]</c>.</summary>
    public Variable Means { get; }

    /// <summary>L below the diagonal and ln Lᵢᵢ on it, <c>[K, D, D]</c>; what is above plays no part.</summary>
    public Variable Factors { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => [Logits, Means, Factors];

    /// <inheritdoc/>
    public override Tensor LogDensity { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Weights => rows.Weights;

    /// <inheritdoc/>
    public override void Write(GaussianMixture model, VariableStore<double> store)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(store);
        int columns = rows.Columns;
        if (model.Columns != columns || model.Components != components)
            throw new ElboException($"The model to start from has {model.Columns} columns and {model.Components} components, and {columns} and {components} are to be fitted; start from a model of the same sizes.");
        Span<double> logits = store[Logits], factors = store[Factors];
        model.Means.Values.CopyTo(store[Means]);
        for (int k = 0; k < components; k++)
        {
            // A component without rows keeps a weight that can grow again.
            logits[k] = Math.Log(Math.Max(model.Weights[k], 1e-300));
            Matrix lower = CholeskyFactor.TryFactor(model.ComponentCovariance(k))!.Lower;
            for (int i = 0; i < columns; i++)
                for (int j = 0; j <= i; j++) factors[(k * columns + i) * columns + j] = i == j ? Math.Log(lower[i, i]) : lower[i, j];
        }
    }

    /// <inheritdoc/>
    public override GaussianMixture Read(VariableStore<double> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        int columns = rows.Columns;
        double[] weights = store[Logits].ToArray(), covariances = new double[components * columns * columns];
        VectorMath.NormalizeLogWeights(weights);
        Span<double> factors = store[Factors];
        for (int k = 0; k < components; k++)
        {
            Matrix lower = new(columns, columns);
            for (int i = 0; i < columns; i++)
                for (int j = 0; j <= i; j++) lower[i, j] = i == j ? Math.Exp(factors[(k * columns + i) * columns + i]) : factors[(k * columns + i) * columns + j];
            for (int i = 0; i < columns; i++)
                for (int j = 0; j < columns; j++) covariances[(k * columns + i) * columns + j] = VectorMath.Dot(lower.Row(i), lower.Row(j));
        }

        return GaussianMixture.Create(weights, new Matrix(components, columns, store[Means].ToArray()), covariances, CovarianceKind.Full);
    }
}
