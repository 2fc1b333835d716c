using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Cli.Runs;

/// <summary>Batches with the same number added to every value.</summary>
internal sealed class ShiftedBatches(IBatchSource batches, float shift) : IBatchSource
{
    public Shape RowShape => batches.RowShape;

    public int BatchSize => batches.BatchSize;

    public int BatchesPerEpoch => batches.BatchesPerEpoch;

    public bool HasLabels => batches.HasLabels;

    public bool HasSeparateInput => batches.HasSeparateInput;

    public int Fill(long step, Span<float> target, Span<float> input, Span<float> labels)
    {
        int count = batches.Fill(step, target, input, labels);
        foreach (ref float value in target) value += shift;
        foreach (ref float value in input) value += shift;
        return count;
    }

    public ReadOnlySpan<int> Rows(long step) => batches.Rows(step);
}
