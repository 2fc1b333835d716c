using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>The training batches of a data set, shuffled, binarised and damaged as <see cref="BatchOptions"/> say.</summary>
public sealed class DataSetBatches : IBatchSource
{
    private readonly DataSet _data;
    private readonly Batcher _batcher;
    private readonly int[] _labels;

    /// <summary>Prepares batches.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="options">How they become batches.</param>
    /// <exception cref="ElboException">There are fewer rows than a batch takes, or values outside 0 to 1 are to be binarised.</exception>
    public DataSetBatches(DataSet data, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        _data = data;
        _batcher = new Batcher(data, options);
        _labels = new int[options.BatchSize];
        RowShape = Shape.Create(data.RowShape);
        HasSeparateInput = options.Corruption is not null;
    }

    /// <inheritdoc/>
    public Shape RowShape { get; }

    /// <inheritdoc/>
    public int BatchSize => _batcher.BatchSize;

    /// <inheritdoc/>
    public int BatchesPerEpoch => _batcher.BatchesPerEpoch;

    /// <inheritdoc/>
    public bool HasLabels => _data.HasLabels;

    /// <inheritdoc/>
    public bool HasSeparateInput { get; }

    /// <inheritdoc/>
    public int Fill(long step, Span<float> target, Span<float> input, Span<float> labels)
    {
        if (input.IsEmpty) _batcher.Fill(step, target);
        else _batcher.Fill(step, target, input);
        if (!labels.IsEmpty)
        {
            _batcher.FillLabels(step, _labels);
            for (int i = 0; i < _labels.Length; i++) labels[i] = _labels[i];
        }

        return BatchSize;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<int> Rows(long step) => _batcher.Rows(step);
}

/// <summary>
/// All rows of a data set in the order stored, each exactly once, clean: binarised, where the options say so, by the same draw every time, so
/// that evaluations compare.
/// </summary>
public sealed class EvaluationBatches : IBatchSource
{
    private readonly DataSet _data;
    private readonly EvaluationBatcher _batcher;
    private readonly int[] _rows;

    /// <summary>Prepares batches.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="options">How they become batches; they are neither shuffled nor damaged, whatever it says.</param>
    /// <exception cref="ElboException">Values outside 0 to 1 are to be binarised.</exception>
    public EvaluationBatches(DataSet data, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        _data = data;
        _batcher = new EvaluationBatcher(data, options with { Corruption = null, BatchSize = Math.Min(options.BatchSize, data.Rows) });
        _rows = new int[_batcher.BatchSize];
        RowShape = Shape.Create(data.RowShape);
    }

    /// <inheritdoc/>
    public Shape RowShape { get; }

    /// <inheritdoc/>
    public int BatchSize => _batcher.BatchSize;

    /// <inheritdoc/>
    public int BatchesPerEpoch => _batcher.BatchCount;

    /// <inheritdoc/>
    public bool HasLabels => _data.HasLabels;

    /// <inheritdoc/>
    public bool HasSeparateInput => false;

    /// <inheritdoc/>
    public int Fill(long step, Span<float> target, Span<float> input, Span<float> labels)
    {
        int batch = (int)(step % BatchesPerEpoch);
        int count = _batcher.Fill(batch, target);
        if (!input.IsEmpty) target.CopyTo(input);
        if (!labels.IsEmpty)
            for (int i = 0; i < labels.Length; i++) labels[i] = _data.Labels[Math.Min(batch * BatchSize + i, _data.Rows - 1)];
        return count;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<int> Rows(long step)
    {
        int start = (int)(step % BatchesPerEpoch) * BatchSize;
        for (int i = 0; i < _rows.Length; i++) _rows[i] = Math.Min(start + i, _data.Rows - 1);
        return _rows;
    }
}
