namespace Elbo.Numerics.Tests.Kernels.Movement;

[Trait("Category", "Kernel")]
public sealed unsafe class MatrixTransposeTests
{
    [Fact]
    public void Every_size_around_the_blocks_is_turned_and_nothing_else_is_written()
    {
        foreach (int rows in new[] { 0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 70 })
        {
            foreach (int columns in new[] { 0, 1, 2, 3, 4, 5, 8, 11, 16, 32, 35, 64, 67 })
            {
                Check(rows, columns, i => (float)i);
                Check(rows, columns, i => (double)i);
            }
        }
    }

    private static void Check<T>(int rows, int columns, Func<int, T> value)
        where T : unmanaged
    {
        int sourceRow = rows + 2;
        int targetRow = columns + 3;
        T[] source = [.. Enumerable.Range(0, (columns * sourceRow) + 1).Select(value)];
        T[] target = new T[(rows * targetRow) + 1];
        T untouched = value(-1);
        Array.Fill(target, untouched);
        fixed (T* s = source, t = target)
            MatrixTranspose<T>.Run(s, sourceRow, t, targetRow, rows, columns);
        for (int i = 0; i < target.Length; i++)
        {
            bool isInside = i / targetRow < rows && i % targetRow < columns;
            Assert.Equal(isInside ? source[(i % targetRow * sourceRow) + (i / targetRow)] : untouched, target[i]);
        }
    }
}
