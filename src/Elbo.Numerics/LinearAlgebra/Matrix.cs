namespace Elbo.Numerics;

/// <summary>A dense matrix of doubles, <c>[rows, columns]</c> in row-major order: parameters and results of the models that need no graph.</summary>
public sealed class Matrix
{
    private readonly double[] values;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="columns">The number of columns, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public Matrix(int rows, int columns)
        : this(rows, columns, new double[checked(NotNegative(rows, nameof(rows)) * NotNegative(columns, nameof(columns)))])
    {
    }

    /// <summary>Wraps values in row-major order, without a copy.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="values">The values, <c>[rows, columns]</c>.</param>
    /// <exception cref="ArgumentException">The number of values is not rows · columns.</exception>
    public Matrix(int rows, int columns, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != (long)NotNegative(rows, nameof(rows)) * NotNegative(columns, nameof(columns)))
            throw new ArgumentException($"{values.Length} values were given for a matrix of shape [{rows}, {columns}].", nameof(values));
        Rows = rows;
        Columns = columns;
        this.values = values;
    }

    /// <summary>Copies a two-dimensional array.</summary>
    /// <param name="values">The values, <c>[rows, columns]</c>.</param>
    public Matrix(double[,] values)
        : this(NotNull(values).GetLength(0), values.GetLength(1), [.. values.Cast<double>()])
    {
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>All values in row-major order.</summary>
    public Span<double> Values => values;

    /// <summary>One element.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    public ref double this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
            return ref values[row * Columns + column];
        }
    }

    /// <summary>One row, <c>[columns]</c>.</summary>
    /// <param name="row">The row, from 0.</param>
    public Span<double> Row(int row) => values.AsSpan(row * Columns, Columns);

    /// <summary>The identity matrix, <c>[size, size]</c>.</summary>
    /// <param name="size">The number of rows and columns.</param>
    public static Matrix Identity(int size)
    {
        Matrix result = new(size, size);
        for (int i = 0; i < size; i++) result[i, i] = 1;
        return result;
    }

    /// <summary>Copies rows of equal length.</summary>
    /// <param name="rows">The rows; at least one.</param>
    /// <exception cref="ArgumentException">There is no row, or they differ in length.</exception>
    public static Matrix FromRows(params IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) throw new ArgumentException("At least one row is needed.", nameof(rows));
        Matrix result = new(rows.Count, rows[0].Length);
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != result.Columns) throw new ArgumentException($"Row {i} has {rows[i].Length} values, and row 0 has {result.Columns}.", nameof(rows));
            rows[i].CopyTo(result.Row(i));
        }

        return result;
    }

    /// <summary>A copy that shares nothing.</summary>
    public Matrix Clone() => new(Rows, Columns, [.. values]);

    /// <summary>The transposed copy, <c>[columns, rows]</c>.</summary>
    public Matrix Transpose()
    {
        Matrix result = new(Columns, Rows);
        for (int i = 0; i < Rows; i++)
            for (int j = 0; j < Columns; j++) result.values[j * Rows + i] = values[i * Columns + j];
        return result;
    }

    /// <summary>The product of two small matrices, <c>[left rows, right columns]</c>, summed in ascending order on the caller's thread.</summary>
    /// <param name="left">The left matrix, <c>[m, k]</c>.</param>
    /// <param name="right">The right matrix, <c>[k, n]</c>.</param>
    /// <exception cref="ArgumentException">The inner sizes differ.</exception>
    public static Matrix operator *(Matrix left, Matrix right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Columns != right.Rows) throw new ArgumentException($"A matrix of shape [{left.Rows}, {left.Columns}] cannot multiply one of shape [{right.Rows}, {right.Columns}].", nameof(right));
        Matrix result = new(left.Rows, right.Columns);
        for (int i = 0; i < left.Rows; i++)
        {
            Span<double> target = result.Row(i);
            for (int k = 0; k < left.Columns; k++)
            {
                double factor = left.values[i * left.Columns + k];
                ReadOnlySpan<double> row = right.Row(k);
                for (int j = 0; j < target.Length; j++) target[j] += factor * row[j];
            }
        }

        return result;
    }

    private static double[,] NotNull(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values;
    }

    private static int NotNegative(int size, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size, name);
        return size;
    }
}
