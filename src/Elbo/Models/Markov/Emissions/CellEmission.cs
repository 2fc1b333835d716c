using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// Independent columns whose values number the cells of a table of probabilities: a density is a sum of rows of the table's logarithm, and the
/// statistics are expected counts per cell.
/// </summary>
public abstract class CellEmission : Emission
{
    private readonly CellDensities densities;

    /// <param name="table">The probability of each cell, all columns side by side, <c>[Count, Σ cells]</c>.</param>
    /// <param name="cells">The number of cells of each column.</param>
    private protected CellEmission(Matrix table, int[] cells)
        : base(table.Rows, cells.Length)
    {
        Table = table;
        Cells = cells;
        Matrix logs = table.Clone();
        foreach (ref double value in logs.Values) value = Math.Log(value);
        densities = new CellDensities(logs, cells);
    }

    internal override int StatisticsLength => densities.StatisticsLength;

    private protected Matrix Table { get; }

    private protected int[] Cells { get; }

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result) => densities.AddLogDensities(rows, result);

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics) => densities.Accumulate(rows, weights, statistics);

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        Matrix table = Table.Clone();
        for (int d = 0; d < Columns; d++)
        {
            for (int k = 0; k < Count; k++)
            {
                Span<double> target = table.Row(k).Slice(FirstCell(d), Cells[d]);
                double sum = 0;
                for (int c = 0; c < target.Length; c++) sum += statistics[densities.Statistic(FirstCell(d) + c) + k];
                if (!(sum > EmissionPrior.Nothing)) continue;
                for (int c = 0; c < target.Length; c++) target[c] = Math.Min(1, statistics[densities.Statistic(FirstCell(d) + c) + k] / sum);
            }
        }

        return With(table);
    }

    internal override void AddPseudoRows(Span<double> statistics, EmissionPrior prior)
    {
        Span<double> pseudo = new double[Cells.Max()];
        for (int d = 0; d < Columns; d++)
        {
            PriorCells(d, prior, pseudo[..Cells[d]]);
            for (int c = 0; c < Cells[d]; c++)
                for (int k = 0; k < Count; k++) statistics[densities.Statistic(FirstCell(d) + c) + k] += prior.PseudoRows * pseudo[c];
        }

        for (int k = 0; k < Count; k++) statistics[k] += prior.PseudoRows;
    }

    internal override double LogPrior(EmissionPrior prior)
    {
        double sum = 0;
        if (prior.PseudoRows == 0) return 0;
        Span<double> pseudo = new double[Cells.Max()];
        for (int d = 0; d < Columns; d++)
        {
            PriorCells(d, prior, pseudo[..Cells[d]]);
            for (int k = 0; k < Count; k++)
                for (int c = 0; c < Cells[d]; c++) sum += pseudo[c] == 0 ? 0 : prior.PseudoRows * pseudo[c] * Math.Log(Table[k, FirstCell(d) + c]);
        }

        return sum;
    }

    /// <summary>The probability of each cell, all columns side by side.</summary>
    internal Matrix CellTable => Table.Clone();

    /// <summary>The expected count of a cell, of all columns' side by side.</summary>
    internal double CellCount(ReadOnlySpan<double> statistics, int index, int cell) => statistics[densities.Statistic(cell) + index];

    internal override double Occupancy(ReadOnlySpan<double> statistics, int index) => statistics[index];

    internal override void FillMean(int index, Span<double> row)
    {
        for (int d = 0; d < row.Length; d++)
            if (double.IsNaN(row[d])) row[d] = Fill(index, d);
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        for (int d = 0; d < row.Length; d++)
        {
            if (!double.IsNaN(row[d])) continue;
            row[d] = Choice.Next(Table.Row(index).Slice(FirstCell(d), Cells[d]), random.Uniform((ulong)d));
        }
    }

    private protected int FirstCell(int column) => densities.FirstCell(column);

    private protected abstract CellEmission With(Matrix table);

    /// <summary>How a pseudo-row falls into the cells of a column.</summary>
    private protected abstract void PriorCells(int column, EmissionPrior prior, Span<double> cells);

    /// <summary>The mean of a column, or what stands for it.</summary>
    private protected abstract double Fill(int index, int column);
}
