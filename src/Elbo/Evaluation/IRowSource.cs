using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>Rows that can be read by number, any number of times, with the same values each time.</summary>
public interface IRowSource
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The shape of one row.</summary>
    Shape RowShape { get; }

    /// <summary>Reads one row as the model sees it.</summary>
    /// <param name="row">Its number, in <c>[0, Count)</c>.</param>
    /// <param name="destination">Where its values go, in row-major order.</param>
    void Read(int row, Span<float> destination);
}

/// <summary>The rows of a data set, bytes as 0..1.</summary>
/// <param name="data">The data set.</param>
public sealed class DataSetRows(DataSet data) : IRowSource
{
    /// <inheritdoc/>
    public int Count => data.Rows;

    /// <inheritdoc/>
    public Shape RowShape { get; } = Shape.Create(data.RowShape);

    /// <inheritdoc/>
    public void Read(int row, Span<float> destination) => data.CopyRow(row, destination);
}
