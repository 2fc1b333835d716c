namespace Elbo.Data;

/// <summary>Rows whose values are changed as they are read.</summary>
internal sealed class MappedObservations(Observations rows, Func<double, double> map)
    : Observations(rows.Name, rows.Rows, rows.Columns, rows.ColumnNames, rows.SequenceLengths.IsEmpty ? null : rows.SequenceLengths.ToArray())
{
    public override ReadOnlySpan<double> Weights => rows.Weights;

    public override bool MayHaveMissing => rows.MayHaveMissing;

    internal override long FirstRow => rows.FirstRow;

    internal override int[]? Lines => rows.Lines;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> buffer)
    {
        Span<double> result = buffer[..checked(count * Columns)];
        ReadOnlySpan<double> values = rows.Read(first, count, result);
        for (int i = 0; i < result.Length; i++) result[i] = double.IsNaN(values[i]) ? double.NaN : map(values[i]);
        return result;
    }
}
