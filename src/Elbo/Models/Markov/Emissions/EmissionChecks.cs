using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What the parameters and rows of emissions are checked for.</summary>
internal static class EmissionChecks
{
    /// <summary>How far a sum of probabilities may be from 1: what a text with eight digits loses.</summary>
    public const double SumTolerance = 1e-8;

    private const int BlockRows = 4096;

    public static int Rows(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Rows > 0 && matrix.Columns > 0 ? matrix.Rows : throw new ElboException("The emissions have no state or no column; give at least one of each.");
    }

    public static Matrix Finite(Matrix matrix, string name) => Each(matrix, name, Rows(matrix), matrix.Columns, static value => double.IsFinite(value), "finite");

    public static Matrix Positive(Matrix matrix, string name, int rows, int columns) => Each(matrix, name, rows, columns, static value => value > 0 && double.IsFinite(value), "positive and finite");

    public static Matrix NotNegative(Matrix matrix, string name, int rows, int columns) => Each(matrix, name, rows, columns, static value => value >= 0 && double.IsFinite(value), "finite and not negative");

    public static Matrix Probabilities(Matrix matrix, string name, int rows, int columns) => Each(matrix, name, rows, columns, static value => value is >= 0 and <= 1, "from 0 to 1");

    /// <summary>Throws unless each row is a distribution.</summary>
    public static Matrix Distributions(Matrix matrix, string name, int rows, int columns)
    {
        Probabilities(matrix, name, rows, columns);
        for (int i = 0; i < rows; i++) Distribution(matrix.Row(i), $"{name} of state {i}");
        return matrix;
    }

    /// <summary>Throws unless values are probabilities that sum to 1.</summary>
    public static void Distribution(ReadOnlySpan<double> values, string name)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is not (>= 0 and <= 1)) throw new ElboException($"Entry {i} of the {name} is {values[i]}; probabilities are from 0 to 1.");
            sum += values[i];
        }

        if (!(Math.Abs(sum - 1) <= SumTolerance)) throw new ElboException(FormattableString.Invariant($"The {name} sum to {sum}, not to 1; divide each by the sum, or correct the one that is wrong."));
    }

    /// <summary>Throws at the first value that is there and no count.</summary>
    public static void Counts(Observations rows) =>
        Values(rows, static (_, value) => value >= 0 && Math.Floor(value) == value, static _ => "Poisson emissions need counts: 0, 1, 2, …, or nothing where missing");

    /// <summary>Throws at the first value that is there and not among those the family can take.</summary>
    public static void Values(Observations rows, Func<int, double, bool> valid, Func<int, string> expected)
    {
        double[] buffer = new double[BlockRows * rows.Columns];
        for (long first = 0; first < rows.Rows; first += BlockRows)
        {
            int count = (int)Math.Min(BlockRows, rows.Rows - first);
            ReadOnlySpan<double> values = rows.Read(first, count, buffer);
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i];
                if (double.IsNaN(value) || valid(i % rows.Columns, value)) continue;
                throw new ElboException(FormattableString.Invariant($"{rows.RowName(first + i / rows.Columns)}, column '{rows.ColumnNames[i % rows.Columns]}' of '{rows.Name}' is {value}; {expected(i % rows.Columns)}."));
            }
        }
    }

    private static Matrix Each(Matrix matrix, string name, int rows, int columns, Func<double, bool> valid, string range)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != rows || matrix.Columns != columns)
            throw new ElboException($"The {name}s have the shape [{matrix.Rows}, {matrix.Columns}], and [{rows}, {columns}] is expected: one row per state.");
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                if (!valid(matrix[i, j])) throw new ElboException(FormattableString.Invariant($"Entry {j} of the {name}s of state {i} is {matrix[i, j]}; it must be {range}."));
        return matrix;
    }
}
