using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Independent columns of zeros and ones: <c>ln p(x) = Σ_d [x_d ln p_d + (1 − x_d) ln(1 − p_d)]</c>.</summary>
public sealed class BernoulliEmission : CellEmission
{
    /// <summary>Makes the distributions.</summary>
    /// <param name="probabilities">p, the probability of a one, <c>[Count, D]</c>.</param>
    /// <exception cref="ElboException">A probability is out of range.</exception>
    public BernoulliEmission(Matrix probabilities)
        : base(Split(EmissionChecks.Probabilities(probabilities, "probability", EmissionChecks.Rows(probabilities), probabilities.Columns)), Pairs(probabilities.Columns))
    {
    }

    private BernoulliEmission(Matrix table, int[] cells)
        : base(table, cells)
    {
    }

    /// <inheritdoc/>
    public override string Family => "bernoulli";

    /// <inheritdoc/>
    public override string Title => "Bernoulli";

    /// <inheritdoc/>
    public override Matrix Means
    {
        get
        {
            Matrix result = new(Count, Columns);
            for (int k = 0; k < Count; k++)
                for (int d = 0; d < Columns; d++) result[k, d] = Table[k, 2 * d + 1];
            return result;
        }
    }

    /// <inheritdoc/>
    public override long FreeParameters => (long)Count * Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("probabilities", Means)];

    internal override void Check(Observations rows)
    {
        base.Check(rows);
        EmissionChecks.Values(rows, static (_, value) => value is 0 or 1, static _ => "Bernoulli emissions need 0 or 1, or nothing where missing");
    }

    private protected override CellEmission With(Matrix table) => new BernoulliEmission(table, Cells);

    private protected override void PriorCells(int column, EmissionPrior prior, Span<double> cells)
    {
        double ones = Math.Clamp(prior.Means[column], 0, 1);
        cells[0] = 1 - ones;
        cells[1] = ones;
    }

    private protected override double Fill(int index, int column) => Table[index, 2 * column + 1];

    private static Matrix Split(Matrix probabilities)
    {
        Matrix table = new(probabilities.Rows, 2 * probabilities.Columns);
        for (int k = 0; k < probabilities.Rows; k++)
        {
            for (int d = 0; d < probabilities.Columns; d++)
            {
                table[k, 2 * d] = 1 - probabilities[k, d];
                table[k, 2 * d + 1] = probabilities[k, d];
            }
        }

        return table;
    }

    private static int[] Pairs(int columns)
    {
        int[] result = new int[columns];
        Array.Fill(result, 2);
        return result;
    }
}
