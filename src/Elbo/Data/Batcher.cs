using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>
/// Full batches for training: each epoch takes the rows in an order of its own and drops the few that do not fill a batch, as is
/// usual; every epoch drops others.
/// </summary>
/// <remarks>
/// A batch is a function of the options and its step alone, so training resumes at any step to the same bytes, and nothing but
/// the step needs to be saved. Filling a batch allocates nothing. An instance is not for several threads at a time.
/// </remarks>
public sealed class Batcher
{
    private readonly DataSet data;
    private readonly BatchOptions options;
    private readonly RowFiller filler;
    private readonly int[] order;
    private long orderEpoch = -1;

    /// <summary>Prepares batches.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="options">How they become batches.</param>
    /// <exception cref="ElboException">There are fewer rows than a batch takes, or values outside 0 to 1 are to be binarised.</exception>
    public Batcher(DataSet data, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        if (data.Rows < options.BatchSize)
            throw new ElboException($"A batch of {options.BatchSize} rows was asked for, and '{data.Name}' has {data.Rows}; choose a smaller batch.");
        this.data = data;
        this.options = options;
        filler = new RowFiller(data, options);
        order = new int[data.Rows];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        BatchesPerEpoch = data.Rows / options.BatchSize;
    }

    /// <summary>Rows in a batch.</summary>
    public int BatchSize => options.BatchSize;

    /// <summary>Full batches in an epoch: the number of rows divided by the batch size, rounded down.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>The rows of a batch.</summary>
    /// <param name="step">The step from 0, counted on over the epochs.</param>
    /// <returns>Row numbers in the data set; valid until the next call of this object.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public ReadOnlySpan<int> Rows(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        long epoch = step / BatchesPerEpoch;
        if (options.Shuffle && epoch != orderEpoch)
        {
            filler.ShuffleStream(epoch).Permutation(order);
            orderEpoch = epoch;
        }

        return order.AsSpan((int)(step % BatchesPerEpoch) * BatchSize, BatchSize);
    }

    /// <summary>Writes the rows of a batch, binarised as the options say.</summary>
    /// <param name="step">The step from 0, counted on over the epochs.</param>
    /// <param name="clean">Receives <c>[batch, row length]</c> values.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void Fill(long step, Span<float> clean)
    {
        RequireLength(clean.Length, nameof(clean));
        filler.Clean(Rows(step), step / BatchesPerEpoch, clean);
    }

    /// <summary>Writes the rows of a batch twice: as they are, and damaged as the options say.</summary>
    /// <param name="step">The step from 0, counted on over the epochs.</param>
    /// <param name="clean">Receives <c>[batch, row length]</c> values: the target.</param>
    /// <param name="input">Receives <c>[batch, row length]</c> values: what the encoder sees; a copy of the target where nothing is damaged.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Fill(long step, Span<float> clean, Span<float> input)
    {
        Fill(step, clean);
        RequireLength(input.Length, nameof(input));
        filler.Corrupt(Rows(step), step / BatchesPerEpoch, clean, input);
    }

    /// <summary>Writes the labels of a batch.</summary>
    /// <param name="step">The step from 0, counted on over the epochs.</param>
    /// <param name="labels">Receives one label per row.</param>
    /// <exception cref="InvalidOperationException">The rows have no labels.</exception>
    public void FillLabels(long step, Span<int> labels)
    {
        if (!data.HasLabels) throw new InvalidOperationException($"The rows of '{data.Name}' have no labels; use data with labels.");
        ReadOnlySpan<int> rows = Rows(step);
        for (int i = 0; i < rows.Length; i++) labels[i] = data.Labels[rows[i]];
    }

    private void RequireLength(int length, string name)
    {
        if (length != (long)BatchSize * data.RowLength)
            throw new ArgumentException($"A batch has {(long)BatchSize * data.RowLength} values, but room for {length} was given.", name);
    }
}
