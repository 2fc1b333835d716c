using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A finite mixture, p(x) = Σₖ πₖ p(x|k): the weights here, the densities p(x|k) in a <see cref="ComponentFamily"/>, which also says how to add a family.
/// The latent variable is the component; its posterior is exact, so the bound is the log-likelihood (McLachlan and Peel, "Finite mixture models", 2000).
/// </summary>
public abstract class MixtureModel : RowModel
{
    private readonly double[] weights, logWeights;

    /// <summary>Joins weights and densities.</summary>
    /// <param name="weights">π, <c>[K]</c>; not negative, summing to 1 within 1e-8.</param>
    /// <param name="family">The densities.</param>
    /// <exception cref="ElboException">The weights are not probabilities, or not one per component.</exception>
    protected MixtureModel(ReadOnlySpan<double> weights, ComponentFamily family)
    {
        ArgumentNullException.ThrowIfNull(family);
        Family = family;
        this.weights = MixtureEm.CheckWeights(weights, family.Components);
        logWeights = new double[this.weights.Length];
        VectorMath.Log(this.weights, logWeights);
    }

    /// <summary>The densities of the components.</summary>
    public ComponentFamily Family { get; }

    /// <summary>K.</summary>
    public int Components => Family.Components;

    /// <summary>π, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <inheritdoc/>
    public override int Columns => Family.Columns;

    /// <inheritdoc/>
    public override long FreeParameters => Components - 1 + Family.FreeParameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames => [.. Enumerable.Range(0, Components).Select(static k => $"component{k}")];

    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime)
    {
        double[] totals = new double[checked((int)rows.Rows)];
        Posterior(rows, runtime, (first, block, _, logTotals) => logTotals.CopyTo(totals.AsSpan((int)first)));
        totals.CopyTo(result);
    }

    /// <summary>The responsibilities p(k|x), <c>[N, K]</c>.</summary>
    /// <inheritdoc/>
    public override Matrix Encode(Observations rows, Runtime runtime)
    {
        Matrix result = NewResult(rows, Components);
        Posterior(rows, runtime, (first, block, responsibilities, _) =>
        {
            for (int n = 0; n < block.Count; n++)
            {
                Span<double> target = result.Row((int)first + n);
                for (int k = 0; k < target.Length; k++) target[k] = responsibilities[k * block.Count + n];
            }
        });
        return result;
    }

    /// <summary>Σₖ p(k|x) E[x|k], <c>[N, D]</c>; of categories, the most probable.</summary>
    /// <inheritdoc/>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        Matrix means = ComponentMeans();
        Matrix result = NewResult(rows, Columns);
        double[] nothing = new double[Columns];
        Array.Fill(nothing, double.NaN);
        Posterior(rows, runtime, (first, block, responsibilities, _) =>
        {
            double[] shares = new double[Components];
            for (int n = 0; n < block.Count; n++)
            {
                Span<double> target = result.Row((int)first + n);
                for (int k = 0; k < Components; k++)
                {
                    ReadOnlySpan<double> mean = means.Row(k);
                    double weight = responsibilities[k * block.Count + n];
                    for (int j = 0; j < target.Length; j++) target[j] += weight * mean[j];
                }

                for (int k = 0; k < shares.Length; k++) shares[k] = responsibilities[k * block.Count + n];
                Family.Settle(shares, nothing, target);
            }
        });
        return result;
    }

    /// <inheritdoc/>
    public override Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime)
    {
        Matrix result = NewResult(rows, Columns);
        Posterior(rows, runtime, (first, block, responsibilities, _) =>
        {
            double[] shares = new double[Components], filled = new double[Columns];
            for (int n = 0; n < block.Count; n++)
            {
                ReadOnlySpan<double> row = block.Row(n);
                Span<double> target = result.Row((int)first + n);
                row.CopyTo(target);
                if (!block.MayHaveMissing || !row.Contains(double.NaN)) continue;
                for (int k = 0; k < shares.Length; k++) shares[k] = responsibilities[k * block.Count + n];
                if (draw is { } random) DrawInto(shares, row, random.Split((ulong)(first + n)), target);
                else AverageInto(shares, row, filled, target);
            }
        });
        return result;
    }

    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random) => SampleLabelled(count, random).Rows;

    /// <summary>Draws rows, and tells which component each came from.</summary>
    /// <param name="count">N, at least 0.</param>
    /// <param name="random">Where the draws come from; row n depends on its number only.</param>
    /// <returns>The rows, <c>[N, D]</c>, and their components, <c>[N]</c>.</returns>
    public (Matrix Rows, int[] Components) SampleLabelled(int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Matrix rows = new(count, Columns);
        int[] labels = new int[count];
        double[] nothing = new double[Columns];
        Array.Fill(nothing, double.NaN);
        for (int n = 0; n < count; n++) labels[n] = DrawInto(weights, nothing, random.Split((ulong)n), rows.Row(n));
        return (rows, labels);
    }

    /// <summary><c>−2 ln L + parameters · ln N</c> of rows, lower is better (Schwarz, 1978); N is the sum of the weights.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    public double Bic(Observations rows, Runtime runtime) => -2 * LogLikelihood(rows, runtime).Total + FreeParameters * Math.Log(rows.TotalWeight);

    /// <summary><c>−2 ln L + 2 · parameters</c> of rows, lower is better (Akaike, 1974).</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    public double Aic(Observations rows, Runtime runtime) => -2 * LogLikelihood(rows, runtime).Total + 2 * FreeParameters;

    /// <summary><c>BIC + 2 Σₙ H(p(k|xₙ))</c> of rows, lower is better: a BIC that asks for components apart (Biernacki, Celeux and Govaert, 2000).</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    public double Icl(Observations rows, Runtime runtime)
    {
        (double total, double entropy) = LogLikelihood(rows, runtime);
        return -2 * total + FreeParameters * Math.Log(rows.TotalWeight) + 2 * entropy;
    }

    /// <summary>E[x|k] of each component, <c>[K, D]</c>.</summary>
    public Matrix ComponentMeans()
    {
        double[] nothing = new double[Columns];
        Array.Fill(nothing, double.NaN);
        Matrix means = new(Components, Columns);
        for (int k = 0; k < Components; k++) Family.ConditionalMean(k, nothing, means.Row(k));
        return means;
    }

    /// <inheritdoc/>
    public override JsonElement Definition => JsonObjects.Write(writer =>
    {
        writer.WriteNumber("components", Components);
        writer.WriteNumber("columns", Columns);
        Family.WriteDefinition(writer);
    });

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
        [new("weights", NumericArray.From<double>(weights, Components)), .. Family.Parameters];

    private (double Total, double Entropy) LogLikelihood(Observations rows, Runtime runtime)
    {
        CheckColumns(rows);
        Family.CheckRows(rows);
        MixtureSums sums = MixtureEm.Expect(rows, weights, Family, runtime, moments: false);
        return (sums.LogLikelihood, sums.Entropy);
    }

    private delegate void PosteriorAction(long first, RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logTotals);

    private void Posterior(Observations rows, Runtime runtime, PosteriorAction action)
    {
        CheckColumns(rows);
        ArgumentNullException.ThrowIfNull(runtime);
        Family.CheckRows(rows);
        RowPartition partition = new(rows);
        runtime.For(partition.Parts, (part, _) =>
        {
            double[] responsibilities = new double[Components * partition.BlockRows], totals = new double[partition.BlockRows];
            partition.ForEachBlock(rows, part, (first, block, _) =>
            {
                Span<double> codes = responsibilities.AsSpan(0, Components * block.Count), logs = totals.AsSpan(0, block.Count);
                Family.LogDensities(block, codes);
                RowKernels.NormalizeLogDensities(codes, logWeights, logs);
                action(first, block, codes, logs);
            });
        });
    }

    private int DrawInto(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        int component = Pick(shares, random.Split(0).Uniform(0));
        Family.ConditionalDraw(component, row, random.Split(1), result);
        return component;
    }

    private void AverageInto(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, double[] filled, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++)
            if (double.IsNaN(row[j])) result[j] = 0;
        for (int k = 0; k < shares.Length; k++)
        {
            if (shares[k] == 0) continue;
            Family.ConditionalMean(k, row, filled);
            for (int j = 0; j < result.Length; j++)
                if (double.IsNaN(row[j])) result[j] += shares[k] * filled[j];
        }

        Family.Settle(shares, row, result);
    }

    private static int Pick(ReadOnlySpan<double> shares, double uniform)
    {
        int last = 0;
        for (int k = 0; k < shares.Length; k++)
        {
            if (shares[k] == 0) continue;
            last = k;
            uniform -= shares[k];
            if (uniform < 0) break;
        }

        return last;
    }

    private static Matrix NewResult(Observations rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Rows * columns > Array.MaxLength) throw new ElboException($"The data '{rows.Name}' have {rows.Rows} rows; the result of {columns} values each does not fit in memory. Give fewer rows at a time.");
        return new Matrix((int)rows.Rows, columns);
    }
}
