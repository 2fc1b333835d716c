using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>
/// Rows of doubles for the models with exact or mean-field inference: in memory, or read block by block from a file larger than memory.
/// A missing value is NaN. Rows may carry weights, and may be cut into sequences.
/// </summary>
public abstract class Observations
{
    private readonly int[] sequenceLengths;

    /// <summary>Describes the rows.</summary>
    /// <param name="name">What to call the data in messages and records.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at least 1.</param>
    /// <param name="columnNames">One name per column, or null for <c>x0</c>, <c>x1</c>, ….</param>
    /// <param name="sequenceLengths">The lengths of the sequences in order, summing to <paramref name="rows"/>; null for rows in one sequence.</param>
    /// <exception cref="ElboException">There is no row or column, or a sequence is empty, or the lengths do not sum to the rows.</exception>
    protected Observations(string name, long rows, int columns, IReadOnlyList<string>? columnNames = null, IReadOnlyList<int>? sequenceLengths = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (rows < 1 || columns < 1) throw new ElboException($"The data '{name}' have {rows} rows and {columns} columns; give at least one of each.");
        if (columnNames is not null && columnNames.Count != columns) throw new ElboException($"{columnNames.Count} column names were given for the {columns} columns of '{name}'; give one for each.");
        this.sequenceLengths = sequenceLengths is null ? [] : [.. sequenceLengths];
        long total = 0;
        for (int i = 0; i < this.sequenceLengths.Length; i++)
        {
            if (this.sequenceLengths[i] < 1) throw new ElboException($"Sequence {i} of '{name}' has {this.sequenceLengths[i]} rows; every sequence needs at least one.");
            total += this.sequenceLengths[i];
        }

        if (sequenceLengths is not null && total != rows) throw new ElboException($"The sequences of '{name}' have {total} rows together, and there are {rows}; give lengths that sum to the rows.");
        Name = name;
        Rows = rows;
        Columns = columns;
        ColumnNames = columnNames ?? [.. Enumerable.Range(0, columns).Select(static index => $"x{index}")];
    }

    /// <summary>The largest size of a value: a hundred million squares of it still have a sum.</summary>
    internal const double LargestValue = 1e150;

    /// <summary>What to call the data in messages and records.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>One name per column.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The lengths of the sequences in order; empty where the rows were not cut, which sequence models read as one sequence.</summary>
    public ReadOnlySpan<int> SequenceLengths => sequenceLengths;

    /// <summary>One weight per row, not negative; empty where every row counts once.</summary>
    public virtual ReadOnlySpan<double> Weights => default;

    /// <summary>Whether a value may be missing. False lets a model take a faster way; true costs time and nothing else.</summary>
    public abstract bool MayHaveMissing { get; }

    /// <summary>The number of the first row in the data that these are a slice of, by which messages count rows.</summary>
    internal virtual long FirstRow => 0;

    /// <summary>The line of each row of the data that these are a slice of, in the file they came from; null where they came from no lines.</summary>
    internal virtual int[]? Lines => null;

    /// <summary>A row in messages: its line in the file, or its number from 0.</summary>
    internal string RowName(long row) => Lines is { } lines ? $"Line {lines[(int)(FirstRow + row)]}" : $"Row {FirstRow + row}";

    /// <summary>Refuses a value that models cannot take the square of; a missing one passes.</summary>
    internal void CheckValue(long row, int column, double value)
    {
        if (!(Math.Abs(value) > LargestValue)) return;
        throw new ElboException(double.IsInfinity(value)
            ? $"{RowName(row)} of '{Name}' holds an infinite value in column '{ColumnNames[column]}'; replace it by a number, or by NaN where it is missing."
            : $"{RowName(row)} of '{Name}' holds {value:G4} in column '{ColumnNames[column]}', and sums of such squares leave the range of double precision; give the column in another unit.");
    }

    /// <summary>Reads rows. Several threads may do so at once, each with its own buffer.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="buffer">At least <c>count · Columns</c> values; used only where the rows do not lie in memory as doubles.</param>
    /// <returns>The values, <c>[count, columns]</c>; valid until the buffer is used again.</returns>
    /// <exception cref="ElboException">The rows cannot be read any more.</exception>
    public abstract ReadOnlySpan<double> Read(long first, int count, Span<double> buffer);

    /// <summary>The sum of the weights: the number of rows where there are none.</summary>
    public double TotalWeight
    {
        get
        {
            ReadOnlySpan<double> weights = Weights;
            if (weights.IsEmpty) return Rows;
            double sum = 0;
            foreach (double weight in weights) sum += weight;
            return sum;
        }
    }

    /// <summary>Some consecutive rows, without a copy. Where rows are cut into sequences, the slice holds whole ones.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows, or the slice cuts a sequence.</exception>
    public Observations Slice(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Rows, nameof(count));
        if (sequenceLengths.Length == 0) return new RowRange(this, first, count);
        List<int> lengths = [];
        long start = 0;
        for (int i = 0; i < sequenceLengths.Length && start < first + count; start += sequenceLengths[i++])
            if (start >= first) lengths.Add(sequenceLengths[i]);
        return lengths.Sum() == count ? new RowRange(this, first, count, lengths) : throw new ArgumentOutOfRangeException(nameof(count), count, $"The rows from {first} on cut a sequence of '{Name}'.");
    }

    /// <summary>The same rows with each value that is there changed as it is read.</summary>
    /// <param name="map">What a value becomes: a finite number.</param>
    public Observations Map(Func<double, double> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new MappedObservations(this, map);
    }

    /// <summary>All rows in memory, <c>[rows, columns]</c>: a copy.</summary>
    /// <exception cref="ElboException">There are more values than one array can hold.</exception>
    public Matrix ToMatrix()
    {
        if (Rows * Columns > Array.MaxLength) throw new ElboException($"The data '{Name}' have {Rows} rows of {Columns} values, more than fit in one array; use fewer rows, or a method that streams.");
        Matrix matrix = new((int)Rows, Columns);
        Read(0, (int)Rows, matrix.Values).CopyTo(matrix.Values);
        return matrix;
    }

    /// <summary>Rows of a matrix, without a copy.</summary>
    /// <param name="name">What to call the data.</param>
    /// <param name="values">The rows, NaN where missing; not to be changed any more.</param>
    /// <param name="columnNames">One name per column, or null.</param>
    /// <param name="weights">One weight per row, or null; not to be changed any more.</param>
    /// <param name="sequenceLengths">The lengths of the sequences, or null.</param>
    /// <exception cref="ElboException">A value is infinite, a weight negative or not finite, all weights are 0, or sizes do not agree.</exception>
    public static Observations FromMatrix(string name, Matrix values, IReadOnlyList<string>? columnNames = null, double[]? weights = null, IReadOnlyList<int>? sequenceLengths = null) =>
        new MatrixObservations(name, values, columnNames, weights, sequenceLengths);

    /// <summary>The rows of a data set, as its models see them (bytes divided by 255), converted to doubles.</summary>
    /// <param name="data">The data set.</param>
    /// <exception cref="ElboException">A value is infinite.</exception>
    public static Observations FromDataSet(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Matrix values = new(data.Rows, data.RowLength);
        float[] row = new float[data.RowLength];
        for (int i = 0; i < data.Rows; i++)
        {
            data.CopyRow(i, row);
            Span<double> target = values.Row(i);
            for (int j = 0; j < row.Length; j++) target[j] = row[j];
        }

        return FromMatrix(data.Name, values);
    }
}
