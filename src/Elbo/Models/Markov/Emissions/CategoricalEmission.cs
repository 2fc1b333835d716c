using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Independent columns of categories 0, 1, …: <c>ln p(x) = Σ_d ln π_d(x_d)</c>.</summary>
public sealed class CategoricalEmission : CellEmission
{
    /// <summary>Makes the distributions.</summary>
    /// <param name="probabilities">π, one matrix per column, <c>[Count, categories of the column]</c>, each row summing to 1.</param>
    /// <exception cref="ElboException">A probability is out of range, a row does not sum to 1, or the matrices differ in rows.</exception>
    public CategoricalEmission(params IReadOnlyList<Matrix> probabilities)
        : base(CheckedTable(probabilities), [.. probabilities.Select(static matrix => matrix.Columns)])
    {
    }

    private CategoricalEmission(Matrix table, int[] categories)
        : base(table, categories)
    {
    }

    /// <inheritdoc/>
    public override string Family => "categorical";

    /// <inheritdoc/>
    public override string Title => "categorical";

    /// <summary>The number of categories of each column.</summary>
    public IReadOnlyList<int> Categories => Cells;

    /// <summary>The mean category number, <c>[Count, D]</c>: of use where categories are ordered.</summary>
    public override Matrix Means
    {
        get
        {
            Matrix result = new(Count, Columns);
            for (int k = 0; k < Count; k++)
                for (int d = 0; d < Columns; d++)
                    for (int c = 0; c < Cells[d]; c++) result[k, d] += c * Probability(k, d, c);
            return result;
        }
    }

    /// <inheritdoc/>
    public override long FreeParameters => (long)Count * Cells.Sum(static count => count - 1);

    /// <summary>All columns side by side, <c>[Count, Σ categories]</c>.</summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("probabilities", Table)];

    /// <summary>The probability of a category.</summary>
    /// <param name="index">The distribution, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <param name="category">The category, from 0.</param>
    public double Probability(int index, int column, int category)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)category, (uint)Cells[column], nameof(category));
        return Table[index, FirstCell(column) + category];
    }

    internal static CategoricalEmission FromTable(Matrix table, int[] categories)
    {
        int first = 0;
        foreach (int count in categories)
        {
            for (int k = 0; k < table.Rows; k++) EmissionChecks.Distribution(table.Row(k).Slice(first, count), $"probabilities of state {k}");
            first += count;
        }

        return new CategoricalEmission(table, categories);
    }

    internal override void Check(Observations rows)
    {
        base.Check(rows);
        EmissionChecks.Values(rows, (column, value) => value >= 0 && value < Cells[column] && Math.Floor(value) == value, column => $"its categories are numbered from 0 to {Cells[column] - 1}");
    }

    internal override void WriteDefinition(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("categories");
        foreach (int count in Cells) writer.WriteNumberValue(count);
        writer.WriteEndArray();
    }

    internal override void Settle(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, Span<double> result)
    {
        for (int d = 0; d < Columns; d++)
        {
            if (!double.IsNaN(row[d])) continue;
            double most = -1;
            for (int c = 0; c < Cells[d]; c++)
            {
                double probability = 0;
                for (int k = 0; k < Count; k++) probability += shares[k] * Probability(k, d, c);
                if (!(probability > most)) continue;
                most = probability;
                result[d] = c;
            }
        }
    }

    private protected override CellEmission With(Matrix table) => new CategoricalEmission(table, Cells);

    private protected override void PriorCells(int column, EmissionPrior prior, Span<double> cells) => cells.Fill(1.0 / cells.Length);

    private protected override double Fill(int index, int column) =>
        // The most probable category, since between categories there is none.
        Enumerable.Range(0, Cells[column]).MaxBy(category => Probability(index, column, category));

    private static Matrix CheckedTable(IReadOnlyList<Matrix> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (probabilities.Count == 0) throw new ElboException("Categorical emissions need at least one column.");
        int count = EmissionChecks.Rows(probabilities[0]);
        Matrix table = new(count, probabilities.Sum(static matrix => matrix.Columns));
        int first = 0;
        foreach (Matrix matrix in probabilities)
        {
            EmissionChecks.Distributions(matrix, "probabilities", count, matrix.Columns);
            for (int k = 0; k < count; k++) matrix.Row(k).CopyTo(table.Row(k)[first..]);
            first += matrix.Columns;
        }

        return table;
    }
}
