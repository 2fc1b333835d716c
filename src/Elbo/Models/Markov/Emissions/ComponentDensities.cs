using System.Buffers;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The densities of a mixture's components as the passes over a chain take them.</summary>
/// <param name="components">The densities.</param>
/// <param name="offsets">What is added to the log density of each row that has a value, <c>[Count]</c>; null for nothing.</param>
internal sealed class ComponentDensities(ComponentFamily components, double[]? offsets = null) : IStateDensities
{
    public ComponentFamily Components => components;

    public int Stride { get; } = PaddedRows.Stride(components.Components);

    /// <summary>The weight of each distribution, and behind them the sums of the components.</summary>
    public int StatisticsLength => Count + components.StatisticsLength;

    private int Count => components.Components;

    private int Columns => components.Columns;

    public void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        int count = rows.Length / Columns;
        RowBlock block = Block(rows);
        double[] buffer = ArrayPool<double>.Shared.Rent(Count * count);
        Span<double> densities = buffer.AsSpan(0, Count * count);
        components.LogDensities(block, densities);
        for (int k = 0; k < Count; k++)
        {
            ReadOnlySpan<double> column = densities.Slice(k * count, count);
            for (int t = 0; t < count; t++) result[t * Stride + k] += column[t];
        }

        ArrayPool<double>.Shared.Return(buffer);
        if (offsets is null) return;
        for (int t = 0; t < count; t++)
        {
            if (IsEmpty(block, t)) continue;
            for (int k = 0; k < Count; k++) result[t * Stride + k] += offsets[k];
        }
    }

    public void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics)
    {
        int count = rows.Length / Columns;
        RowBlock block = Block(rows);
        double[] buffer = ArrayPool<double>.Shared.Rent(Count * count);
        Span<double> responsibilities = buffer.AsSpan(0, Count * count);
        for (int t = 0; t < count; t++)
        {
            // A row without a value tells nothing of the parameters.
            bool empty = IsEmpty(block, t);
            for (int k = 0; k < Count; k++)
            {
                double weight = empty ? 0 : weights[t * Stride + k];
                responsibilities[k * count + t] = weight;
                statistics[k] += weight;
            }
        }

        components.Accumulate(block, responsibilities, statistics[Count..]);
        ArrayPool<double>.Shared.Return(buffer);
    }

    private RowBlock Block(ReadOnlySpan<double> rows) => new(rows, Columns, VectorMath.IndexOfNaN(rows) >= 0);

    private static bool IsEmpty(RowBlock block, int row) => block.MayHaveMissing && !block.Row(row).ContainsAnyExcept(double.NaN);
}
