using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Log densities that are sums of entries of a table, one for each column, picked by its value; the statistics are expected counts of each cell.</summary>
internal sealed class CellDensities : IStateDensities
{
    private readonly int[] firstCells;
    private readonly double[] logTable;

    /// <param name="logTable">The logarithm of each cell, all columns side by side, <c>[Count, Σ cells]</c>.</param>
    /// <param name="cells">The number of cells of each column.</param>
    public CellDensities(Matrix logTable, int[] cells)
    {
        Stride = PaddedRows.Stride(logTable.Rows);
        firstCells = new int[cells.Length + 1];
        for (int d = 0; d < cells.Length; d++) firstCells[d + 1] = firstCells[d] + cells[d];
        this.logTable = PaddedRows.PadTransposed(logTable);
    }

    public int Stride { get; }

    public int StatisticsLength => Stride + firstCells[^1] * Stride;

    private int Columns => firstCells.Length - 1;

    /// <summary>The first cell of a column.</summary>
    public int FirstCell(int column) => firstCells[column];

    /// <summary>Where the statistics hold the count of a cell of distribution 0; those of the others follow.</summary>
    public int Statistic(int cell) => Stride + cell * Stride;

    public void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        for (int t = 0; t < result.Length / Stride; t++)
        {
            ReadOnlySpan<double> row = rows.Slice(t * Columns, Columns);
            Span<double> target = result.Slice(t * Stride, Stride);
            for (int d = 0; d < row.Length; d++)
                if (!double.IsNaN(row[d])) PaddedRows.Add(logTable.AsSpan((firstCells[d] + (int)row[d]) * Stride, Stride), target);
        }
    }

    public void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics)
    {
        for (int t = 0; t < weights.Length / Stride; t++)
        {
            ReadOnlySpan<double> row = rows.Slice(t * Columns, Columns), weight = weights.Slice(t * Stride, Stride);
            if (row.ContainsAnyExcept(double.NaN)) PaddedRows.Add(weight, statistics[..Stride]);
            for (int d = 0; d < row.Length; d++)
                if (!double.IsNaN(row[d])) PaddedRows.Add(weight, statistics.Slice(Statistic(firstCells[d] + (int)row[d]), Stride));
        }
    }
}
