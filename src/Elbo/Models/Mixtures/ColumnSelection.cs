using System.Buffers;
using Elbo.Data;

namespace Elbo.Models;

/// <summary>Some columns of rows, copied as they are read.</summary>
internal sealed class ColumnSelection(Observations rows, int[] columns)
    : Observations(rows.Name, rows.Rows, columns.Length, [.. columns.Select(column => rows.ColumnNames[column])])
{
    public override ReadOnlySpan<double> Weights => rows.Weights;

    public override bool MayHaveMissing => rows.MayHaveMissing;

    internal override long FirstRow => rows.FirstRow;

    internal override int[]? Lines => rows.Lines;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> buffer)
    {
        double[] whole = ArrayPool<double>.Shared.Rent(count * rows.Columns);
        try
        {
            Span<double> result = buffer[..(count * Columns)];
            Gather(rows.Read(first, count, whole), rows.Columns, columns, result);
            return result;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(whole);
        }
    }

    /// <summary>Copies columns of a row-major matrix.</summary>
    public static void Gather(ReadOnlySpan<double> values, int width, ReadOnlySpan<int> columns, Span<double> result)
    {
        for (int source = 0, target = 0; source < values.Length; source += width)
            foreach (int column in columns) result[target++] = values[source + column];
    }
}
