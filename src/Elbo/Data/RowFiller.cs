using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>
/// Writes single rows as a model sees them. Every draw depends on the seed, the epoch, the row and the place in the row alone.
/// </summary>
internal sealed class RowFiller
{
    // Apart from the streams that training draws from the same seed.
    private const ulong DataKey = 0x64617461;
    private const ulong BinarizationKey = 1;
    private const ulong CorruptionKey = 2;
    private const ulong ShuffleKey = 3;
    private const ulong AllEpochs = ulong.MaxValue;
    private const int DrawsPerBlock = 32;

    private readonly DataSet data;
    private readonly BatchOptions options;
    private readonly RandomStream root;
    private readonly float low;
    private readonly float high;

    public RowFiller(DataSet data, BatchOptions options)
    {
        this.data = data;
        this.options = options;
        root = new RandomStream(options.Seed).Split(DataKey);
        if (options.Binarization != Binarization.None) data.RequireRange(0, 1, "binarisation");
        if (options.Corruption is SaltAndPepperCorruption && !data.IsBytes)
        {
            low = (float)data.Range.Minimum;
            high = (float)data.Range.Maximum;
        }
        else
        {
            high = 1;
        }
    }

    public RandomStream ShuffleStream(long epoch) => root.Split(ShuffleKey).Split((ulong)epoch);

    public void Clean(ReadOnlySpan<int> rows, long epoch, Span<float> clean)
    {
        RandomStream stream = root.Split(BinarizationKey).Split(options.Binarization == Binarization.Fixed ? AllEpochs : (ulong)epoch);
        int length = data.RowLength;
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> row = clean.Slice(i * length, length);
            data.CopyRow(rows[i], row);
            if (options.Binarization != Binarization.None) Binarize(stream, rows[i], row);
        }
    }

    public void Corrupt(ReadOnlySpan<int> rows, long epoch, ReadOnlySpan<float> clean, Span<float> input)
    {
        if (options.Corruption is not { } corruption)
        {
            clean.CopyTo(input);
            return;
        }

        RandomStream stream = root.Split(CorruptionKey).Split((ulong)epoch);
        int length = data.RowLength;
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> row = input.Slice(i * length, length);
            if (corruption.IsNormal) stream.FillNormal(row, FirstDraw(rows[i]));
            else stream.FillUniform(row, FirstDraw(rows[i]));
            corruption.Apply(clean.Slice(i * length, length), row, low, high);
        }
    }

    /// <summary>Draws from the first to the last value that is not 0: a 0 never succeeds, and images have wide black margins.</summary>
    private void Binarize(RandomStream stream, int rowIndex, Span<float> row)
    {
        int from = 0;
        int to = row.Length;
        if (data.IsBytes)
        {
            ReadOnlySpan<byte> bytes = data.Bytes.Slice(rowIndex * data.RowLength, data.RowLength);
            to = bytes.LastIndexOfAnyExcept((byte)0) + 1;
            if (to == 0) return;
            from = bytes.IndexOfAnyExcept((byte)0) / DrawsPerBlock * DrawsPerBlock;
        }

        Span<float> inked = row[from..to];
        stream.FillBernoulli(inked, inked, FirstDraw(rowIndex) + (ulong)from);
    }

    /// <summary>Every row begins at a whole block of draws, which spares the generator a broken block at each end.</summary>
    private ulong FirstDraw(int row) => (ulong)row * (ulong)((data.RowLength + DrawsPerBlock - 1) / DrawsPerBlock * DrawsPerBlock);
}
