using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Tests.Training;

/// <summary>Batches over an array of rows: shuffled and full to train on, in order and whole to evaluate.</summary>
internal sealed class ArrayBatches(float[] rows, int rowLength, int batchSize, bool shuffle) : IBatchSource
{
    private readonly int[] _order = [.. Enumerable.Range(0, rows.Length / rowLength)];
    private readonly int[] _batch = new int[batchSize];
    private long _epoch = -1;

    public Shape RowShape { get; } = [rowLength];

    public int BatchSize => batchSize;

    public int BatchesPerEpoch => shuffle ? _order.Length / batchSize : (_order.Length + batchSize - 1) / batchSize;

    public bool HasLabels => false;

    public bool HasSeparateInput => false;

    public static float[] Draw(int rows, int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, rows * length).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    public int Fill(long step, Span<float> target, Span<float> input, Span<float> labels)
    {
        ReadOnlySpan<int> numbers = Rows(step);
        for (int i = 0; i < numbers.Length; i++) rows.AsSpan(numbers[i] * rowLength, rowLength).CopyTo(target[(i * rowLength)..]);
        return numbers.Length;
    }

    public ReadOnlySpan<int> Rows(long step)
    {
        long epoch = step / BatchesPerEpoch;
        if (shuffle && epoch != _epoch)
        {
            for (int i = 0; i < _order.Length; i++) _order[i] = i;
            new RandomStream(99).Split((ulong)epoch).Permutation(_order);
            _epoch = epoch;
        }

        int start = (int)(step % BatchesPerEpoch) * batchSize, count = Math.Min(batchSize, _order.Length - start);
        _order.AsSpan(start, count).CopyTo(_batch);
        return _batch.AsSpan(0, count);
    }
}
