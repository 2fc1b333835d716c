namespace Elbo.Data;

/// <summary>Some consecutive rows of others, without a copy.</summary>
internal sealed class RowRange(Observations rows, long first, int count, IReadOnlyList<int>? sequenceLengths = null) : Observations(rows.Name, count, rows.Columns, rows.ColumnNames, sequenceLengths)
{
    public override ReadOnlySpan<double> Weights => rows.Weights.IsEmpty ? default : rows.Weights.Slice((int)first, count);

    public override bool MayHaveMissing => rows.MayHaveMissing;

    internal override long FirstRow => rows.FirstRow + first;

    internal override int[]? Lines => rows.Lines;

    public override ReadOnlySpan<double> Read(long start, int length, Span<double> buffer) => rows.Read(first + start, length, buffer);
}
