using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Cli.Runs;

/// <summary>Rows as a model sees them when it is measured: binarised by one fixed draw and shifted as the recipe says, never damaged.</summary>
internal sealed class PreparedRows : IRowSource
{
    private readonly EvaluationBatcher batcher;
    private readonly float shift;

    /// <summary>Prepares rows; they take the model's shape where they have as many values.</summary>
    public PreparedRows(DataSet data, Shape rowShape, BatchOptions options, double shift)
    {
        Shape own = Shape.Create(data.RowShape);
        RowShape = own.ElementCount == rowShape.ElementCount ? rowShape : own;
        Count = data.Rows;
        batcher = new EvaluationBatcher(data, options with { BatchSize = 1, Corruption = null });
        this.shift = (float)shift;
    }

    public int Count { get; }

    public Shape RowShape { get; }

    public void Read(int row, Span<float> destination)
    {
        batcher.Fill(row, destination);
        if (shift == 0) return;
        foreach (ref float value in destination) value += shift;
    }
}
