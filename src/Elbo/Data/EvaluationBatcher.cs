namespace Elbo.Data;

/// <summary>
/// Batches for evaluation: every row exactly once, in the order stored. The last batch is filled up with copies of its last row,
/// which the caller leaves out of its means.
/// </summary>
/// <remarks>Filling a batch allocates nothing. An instance is not for several threads at a time.</remarks>
public sealed class EvaluationBatcher
{
    private readonly DataSet data;
    private readonly RowFiller filler;
    private readonly int[] rows;

    /// <summary>Prepares batches.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="options">How they become batches; they are not shuffled, whatever it says.</param>
    /// <exception cref="Elbo.Numerics.ElboException">Values outside 0 to 1 are to be binarised.</exception>
    public EvaluationBatcher(DataSet data, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        this.data = data;
        filler = new RowFiller(data, options);
        rows = new int[options.BatchSize];
    }

    /// <summary>Rows in a batch, the copies that fill up the last one included.</summary>
    public int BatchSize => rows.Length;

    /// <summary>The number of batches: the number of rows divided by the batch size, rounded up.</summary>
    public int BatchCount => (data.Rows + BatchSize - 1) / BatchSize;

    /// <summary>Writes the rows of a batch.</summary>
    /// <param name="batch">The batch from 0.</param>
    /// <param name="clean">Receives <c>[batch, row length]</c> values: the target.</param>
    /// <param name="input">Receives <c>[batch, row length]</c> values damaged as the options say; empty to leave that out.</param>
    /// <param name="draw">Which of the draws of a dynamic binarisation or a corruption: the place of the epoch in training.</param>
    /// <returns>How many rows at the batch's beginning count; the others are copies.</returns>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public int Fill(int batch, Span<float> clean, Span<float> input = default, long draw = 0)
    {
        if ((uint)batch >= (uint)BatchCount) throw new ArgumentOutOfRangeException(nameof(batch), batch, $"'{data.Name}' has the batches 0 to {BatchCount - 1}.");
        if (clean.Length != (long)BatchSize * data.RowLength || (input.Length != 0 && input.Length != clean.Length))
            throw new ArgumentException($"A batch has {(long)BatchSize * data.RowLength} values, but room for {clean.Length} and {input.Length} was given.", nameof(clean));
        int start = batch * BatchSize;
        int count = Math.Min(BatchSize, data.Rows - start);
        for (int i = 0; i < rows.Length; i++) rows[i] = start + Math.Min(i, count - 1);
        filler.Clean(rows, draw, clean);
        if (input.Length != 0) filler.Corrupt(rows, draw, clean, input);
        return count;
    }
}
