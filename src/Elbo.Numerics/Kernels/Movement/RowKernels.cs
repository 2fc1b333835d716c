using System.Numerics;
using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Rows picked from and added to a table, by indices carried as whole numbers of the element type.</summary>
internal static unsafe class RowKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary><c>destination[i] = table[indices[i]]</c>.</summary>
    /// <param name="table">The table, <c>[rows, columns]</c>.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="indices">One index for each row of the destination.</param>
    /// <param name="count">Rows of the destination.</param>
    /// <param name="destination">The destination, <c>[count, columns]</c>.</param>
    /// <exception cref="ElboException">An index is outside the table.</exception>
    public static void Gather(T* table, int rows, int columns, T* indices, int count, T* destination)
    {
        for (int i = 0; i < count; i++, destination += columns)
            Unsafe.CopyBlockUnaligned(destination, table + ((nint)Row(indices[i], rows) * columns), (uint)(columns * sizeof(T)));
    }

    /// <summary>
    /// Adds <c>source[i]</c> to <c>table[indices[i]]</c> in order of i, in columns <paramref name="from"/> to <paramref name="to"/> only: parts
    /// with different columns may run at once and give the same sums as one.
    /// </summary>
    /// <param name="source">The rows, <c>[count, columns]</c>.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="indices">One index for each row of the source.</param>
    /// <param name="count">Rows of the source.</param>
    /// <param name="table">The table, <c>[rows, columns]</c>.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    /// <exception cref="ElboException">An index is outside the table.</exception>
    public static void ScatterAdd(T* source, int columns, T* indices, int count, T* table, int rows, int from, int to)
    {
        var add = ElementwiseKernels<T>.Binary(BinaryOpcode.Add);
        for (int i = 0; i < count; i++, source += columns)
        {
            T* row = table + ((nint)Row(indices[i], rows) * columns) + from;
            add(row, source + from, row, to - from);
        }
    }

    private static int Row(T index, int rows) => GatherOperation.Row(double.CreateSaturating(index), rows);
}
