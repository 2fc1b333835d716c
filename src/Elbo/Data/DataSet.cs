using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>
/// Rows of one shape in memory, as bytes (0..255, which the model sees as 0..1) or as floats, with optional labels and factors.
/// </summary>
/// <remarks>Immutable. Images have rows of shape <c>[channels, height, width]</c>.</remarks>
public sealed class DataSet
{
    private readonly int[] rowShape;
    private readonly byte[]? bytes;
    private readonly float[]? floats;
    private readonly int[]? labels;
    private readonly RowOrigin? origin;
    private readonly Lazy<string> fingerprint;
    private readonly Lazy<ValueRange> range;

    private DataSet(string name, int[] rowShape, byte[]? bytes, float[]? floats, int[]? labels, IReadOnlyList<string>? labelNames, Factors? factors, RowOrigin? origin = null)
    {
        long rowLength = 1;
        foreach (int extent in rowShape)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(extent, nameof(rowShape));
            rowLength = checked(rowLength * extent);
        }

        int length = bytes?.Length ?? floats!.Length;
        if (length % rowLength != 0)
            throw new ArgumentException($"{length} values do not make whole rows of shape {NumericArray.FormatShape(rowShape)}.", nameof(rowShape));
        Name = name;
        this.rowShape = rowShape;
        this.bytes = bytes;
        this.floats = floats;
        this.labels = labels;
        this.origin = origin;
        RowLength = (int)rowLength;
        Rows = length / RowLength;
        LabelNames = labelNames ?? [];
        Factors = factors;
        if (labels is not null && labels.Length != Rows) throw new ArgumentException($"{labels.Length} labels do not match {Rows} rows.", nameof(labels));
        if (factors is not null && factors.Rows != Rows) throw new ArgumentException($"Factors of {factors.Rows} rows do not match {Rows} rows.", nameof(factors));
        fingerprint = new Lazy<string>(() => DataSummary.Fingerprint(this));
        range = new Lazy<ValueRange>(() => DataSummary.Range(this));
    }

    /// <summary>What to call the data in messages and records.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The shape of a row, <c>[channels, height, width]</c> for images.</summary>
    public ReadOnlySpan<int> RowShape => rowShape;

    /// <summary>The number of values in a row: the product of <see cref="RowShape"/>.</summary>
    public int RowLength { get; }

    /// <summary>Whether the values are bytes, which the model sees divided by 255; otherwise they are floats, seen as they are.</summary>
    public bool IsBytes => bytes is not null;

    /// <summary>Whether a row is an image: its shape is <c>[channels, height, width]</c> with 1 or 3 channels.</summary>
    public bool IsImage => rowShape is [1 or 3, _, _];

    /// <summary>All bytes, <c>[rows, row length]</c>; empty where the values are floats.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>All floats, <c>[rows, row length]</c>; empty where the values are bytes.</summary>
    public ReadOnlySpan<float> Floats => floats;

    /// <summary>Whether rows have labels.</summary>
    public bool HasLabels => labels is not null;

    /// <summary>One label per row; empty where there are none.</summary>
    public ReadOnlySpan<int> Labels => labels;

    /// <summary>The name of each label from 0; empty where they have none.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>The known factors of each row, or null.</summary>
    public Factors? Factors { get; }

    /// <summary>The SHA-256, in lower-case hexadecimal, of the shape, the values, the labels and the factors: not of the name.</summary>
    public string Fingerprint => fingerprint.Value;

    /// <summary>The smallest and largest value, as the model sees them.</summary>
    public ValueRange Range => range.Value;

    /// <summary>Wraps rows of bytes, without a copy.</summary>
    /// <param name="name">What to call the data.</param>
    /// <param name="values">The values, <c>[rows, row length]</c>; not to be changed any more.</param>
    /// <param name="rowShape">The shape of a row.</param>
    /// <param name="labels">One label per row, or null.</param>
    /// <param name="labelNames">The name of each label from 0, or null.</param>
    /// <param name="factors">The known factors, or null.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static DataSet FromBytes(string name, byte[] values, ReadOnlySpan<int> rowShape, int[]? labels = null, IReadOnlyList<string>? labelNames = null, Factors? factors = null) =>
        new(name, rowShape.ToArray(), values, null, labels, labelNames, factors);

    /// <summary>Wraps rows of floats, without a copy. A missing value is NaN.</summary>
    /// <param name="name">What to call the data.</param>
    /// <param name="values">The values, <c>[rows, row length]</c>; not to be changed any more.</param>
    /// <param name="rowShape">The shape of a row.</param>
    /// <param name="labels">One label per row, or null.</param>
    /// <param name="labelNames">The name of each label from 0, or null.</param>
    /// <param name="factors">The known factors, or null.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static DataSet FromFloats(string name, float[] values, ReadOnlySpan<int> rowShape, int[]? labels = null, IReadOnlyList<string>? labelNames = null, Factors? factors = null) =>
        new(name, rowShape.ToArray(), null, values, labels, labelNames, factors);

    /// <summary>Copies one row as the model sees it: bytes divided by 255, floats as they are.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="destination"><see cref="RowLength"/> values.</param>
    public void CopyRow(int row, Span<float> destination)
    {
        int start = checked(row * RowLength);
        if (bytes is not null) RowGather.Scale(bytes.AsSpan(start, RowLength), destination);
        else floats.AsSpan(start, RowLength).CopyTo(destination);
    }

    /// <summary>The mean of each value over the rows, as the model sees them; missing values do not count.</summary>
    /// <returns><see cref="RowLength"/> means; NaN where every row misses the value.</returns>
    public double[] Mean() => DataSummary.Mean(this);

    /// <summary>Copies some rows into a new data set.</summary>
    /// <param name="rows">The rows, from 0, in the order wanted.</param>
    /// <param name="name">What to call the result; null keeps the name.</param>
    /// <returns>The rows with their labels and factors.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A row does not exist.</exception>
    public DataSet Select(ReadOnlySpan<int> rows, string? name = null)
    {
        foreach (int row in rows)
            if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(rows), row, $"The data set '{Name}' has rows 0 to {Rows - 1}.");
        return new DataSet(name ?? Name, rowShape, Gather(bytes, rows, RowLength), Gather(floats, rows, RowLength), Gather(labels, rows, 1), LabelNames, Factors?.Select(rows), RowOrigin.Select(origin, Name, rows));
    }

    /// <summary>Copies a run of rows into a new data set.</summary>
    /// <param name="start">The first row, from 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="name">What to call the result; null keeps the name.</param>
    /// <returns>The rows with their labels and factors.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A row does not exist.</exception>
    public DataSet Slice(int start, int count, string? name = null)
    {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) rows[i] = start + i;
        return Select(rows, name);
    }

    /// <summary>The same rows under another name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>A data set that shares this one's values.</returns>
    public DataSet WithName(string name) => new(name, rowShape, bytes, floats, labels, LabelNames, Factors, origin);

    /// <summary>The same rows, known by the lines of the text file they stand in.</summary>
    internal DataSet WithLines(int[] lines) => new(Name, rowShape, bytes, floats, labels, LabelNames, Factors, new RowOrigin(Name, lines, IsLines: true));

    /// <summary>Where a value stands in the file that the rows came from, which may hold more rows than these.</summary>
    internal string Place(int row, int value) => origin is null ? $"row {row}, value {value} of '{Name}' (both from 0)" : origin.Describe(row, value);

    /// <summary>Throws unless every value lies in a range and none is missing.</summary>
    /// <param name="minimum">The smallest value allowed, as the model sees it.</param>
    /// <param name="maximum">The largest value allowed, as the model sees it.</param>
    /// <param name="reason">Who asks, to open the sentence: "the Bernoulli likelihood".</param>
    /// <exception cref="ElboException">A value is outside or NaN; the sentence names its row and column and what to do.</exception>
    public void RequireRange(double minimum, double maximum, string reason) => DataSummary.RequireRange(this, minimum, maximum, reason);

    private static T[]? Gather<T>(T[]? values, ReadOnlySpan<int> rows, int rowLength)
    {
        if (values is null) return null;
        T[] result = new T[checked(rows.Length * rowLength)];
        for (int i = 0; i < rows.Length; i++) values.AsSpan(rows[i] * rowLength, rowLength).CopyTo(result.AsSpan(i * rowLength));
        return result;
    }
}
