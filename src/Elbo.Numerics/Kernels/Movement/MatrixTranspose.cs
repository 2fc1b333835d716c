namespace Elbo.Numerics;

/// <summary>
/// <c>target[i · targetRow + k] = source[k · sourceRow + i]</c>: both sides move in cache lines by blocks of 32 × 32, and blocks
/// are turned in registers.
/// </summary>
internal static unsafe class MatrixTranspose<T>
    where T : unmanaged
{
    private const int Block = 32;

    /// <summary>Transposes.</summary>
    /// <param name="source">The matrix, <c>[columns, rows]</c>.</param>
    /// <param name="sourceRow">Distance of the rows of the source.</param>
    /// <param name="target">The transpose, <c>[rows, columns]</c>; must not overlap the source.</param>
    /// <param name="targetRow">Distance of the rows of the target.</param>
    /// <param name="rows">Rows of the target.</param>
    /// <param name="columns">Columns of the target.</param>
    public static void Run(T* source, nint sourceRow, T* target, nint targetRow, int rows, int columns)
    {
        for (int row = 0; row < rows; row += Block)
        {
            int height = Math.Min(Block, rows - row);
            for (int column = 0; column < columns; column += Block)
                Turn(source + (column * sourceRow) + row, sourceRow, target + (row * targetRow) + column, targetRow, height, Math.Min(Block, columns - column));
        }
    }

    private static void Turn(T* source, nint sourceRow, T* target, nint targetRow, int height, int width)
    {
        int across = Transposition<T>.IsWideSupported ? 32 / sizeof(T) : 16 / sizeof(T);
        int down = 16 / sizeof(T);
        int wholeWidth = Transposition<T>.IsSupported ? width - (width % across) : 0;
        int wholeHeight = height - (height % down);
        for (int column = 0; column < wholeWidth; column += across)
        {
            for (int row = 0; row < wholeHeight; row += down)
            {
                if (Transposition<T>.IsWideSupported)
                    Transposition<T>.Wide(source + (column * sourceRow) + row, sourceRow, target + (row * targetRow) + column, targetRow);
                else
                    Transposition<T>.Narrow(source + (column * sourceRow) + row, sourceRow, target + (row * targetRow) + column, targetRow);
            }
        }

        for (int row = 0; row < height; row++)
        {
            for (int column = row < wholeHeight ? wholeWidth : 0; column < width; column++)
                target[(row * targetRow) + column] = source[(column * sourceRow) + row];
        }
    }
}
