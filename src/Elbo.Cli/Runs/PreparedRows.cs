using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Cli.Runs;

/// <summary>Rows as a model sees them when it is measured: binarised by one fixed draw and shifted as the recipe says, clean unless asked for.</summary>
internal sealed class PreparedRows : IRowSource
{
    private readonly EvaluationBatcher batcher;
    private readonly float shift;
    private readonly float[] clean;

    /// <summary>Prepares rows; they take the model's shape where they have as many values.</summary>
    public PreparedRows(DataSet data, Shape rowShape, BatchOptions options, double shift, bool damaged = false)
    {
        Shape own = Shape.Create(data.RowShape);
        RowShape = own.ElementCount == rowShape.ElementCount ? rowShape : own;
        Count = data.Rows;
        batcher = new EvaluationBatcher(data, options with { BatchSize = 1 });
        clean = damaged && options.Corruption is not null ? new float[data.RowLength] : [];
        this.shift = (float)shift;
    }

    public int Count { get; }

    public Shape RowShape { get; }

    public void Read(int row, Span<float> destination)
    {
        if (clean.Length == 0) batcher.Fill(row, destination);
        else batcher.Fill(row, clean, destination);
        if (shift == 0) return;
        foreach (ref float value in destination) value += shift;
    }
}
