using System.Numerics;
using System.Runtime.InteropServices;
using Elbo.TestSupport;

namespace Elbo.Numerics.Tests;

[Trait("Category", "Kernel")]
public sealed unsafe class MatrixProductTests : IDisposable
{
    private readonly WorkerPool[] _pools = [new(1), new(2), new(3)];

    public void Dispose()
    {
        foreach (var pool in _pools)
            pool.Dispose();
    }

    public static TheoryData<string> Widths()
    {
        var widths = new TheoryData<string>();
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            if (width <= VectorWidths.Widest)
                widths.Add(width.ToString());
        }
        return widths;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Equals_the_triple_loop_at_every_size_around_the_tile_sizes(string width)
    {
        var random = new Random(11);
        for (var trial = 0; trial < 250; trial++)
        {
            var shape = new MatrixProductShape(random.Next(1, 71), random.Next(1, 71), random.Next(0, 71));
            Check<float>(Vary(shape, random), Enum.Parse<VectorWidth>(width), RandomStrategy(random), random);
            Check<double>(Vary(shape, random), Enum.Parse<VectorWidth>(width), RandomStrategy(random), random);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Equals_the_triple_loop_at_every_height_and_width_of_a_tile(string width)
    {
        var random = new Random(12);
        for (var rows = 1; rows <= 15; rows++)
        {
            for (var columns = 1; columns <= 33; columns += random.Next(1, 4))
            {
                Check<float>(Vary(new(rows, columns, 5), random), Enum.Parse<VectorWidth>(width), null, random);
                Check<double>(Vary(new(rows, columns, 5), random), Enum.Parse<VectorWidth>(width), null, random);
            }
        }
    }

    [Fact]
    public void Equals_the_triple_loop_at_larger_sizes()
    {
        var random = new Random(13);
        for (var trial = 0; trial < 24; trial++)
        {
            var shape = new MatrixProductShape(random.Next(60, 300), random.Next(60, 300), random.Next(60, 300));
            Check<float>(Vary(shape, random), null, null, random);
            Check<double>(Vary(shape, random), null, RandomStrategy(random), random);
        }
        Check<float>(new MatrixProductShape(256, 256, 256), null, null, random);
        Check<float>(new MatrixProductShape(130, 70, 2100) { TransposeB = true }, null, null, random);
        // A of more than two mebibytes: panels of B in pairs, one of them alone or narrower at the end.
        Check<float>(new MatrixProductShape(780, 150, 710), null, null, random);
        Check<float>(new MatrixProductShape(780, 101, 710) { TransposeB = true }, null, null, random);
        Check<double>(new MatrixProductShape(400, 75, 700), null, null, random);
    }

    [Fact]
    public void Gives_the_same_bytes_for_any_number_of_threads_and_any_strategy()
    {
        var random = new Random(14);
        foreach (var shape in new MatrixProductShape[] { new(100, 270, 90), new(300, 20, 130), new(33, 65, 700), new(780, 100, 710) })
        {
            foreach (var transposeB in new[] { false, true })
            {
                var product = shape with { TransposeB = transposeB };
                using var a = new GuardedMemory<float>(shape.Rows * shape.Depth).FillRandom(random);
                using var b = new GuardedMemory<float>(shape.Columns * shape.Depth).FillRandom(random);
                byte[]? expected = null;
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    foreach (var strategy in new[] { null, RandomStrategy(random), RandomStrategy(random) })
                    {
                        using var c = new GuardedMemory<float>(shape.Rows * shape.Columns);
                        Run(product, null, strategy, a, b, c, threads);
                        var bytes = MemoryMarshal.AsBytes(c.Span).ToArray();
                        expected ??= bytes;
                        Assert.Equal(expected, bytes);
                    }
                }
            }
        }
    }

    [Fact]
    public void Allocates_nothing_per_run()
    {
        var shape = new MatrixProductShape(100, 200, 300) { TransposeB = true };
        using var a = new GuardedMemory<float>(shape.Rows * shape.Depth).FillRandom(new Random(1));
        using var b = new GuardedMemory<float>(shape.Columns * shape.Depth).FillRandom(new Random(2));
        using var c = new GuardedMemory<float>(shape.Rows * shape.Columns);
        using var pool = new WorkerPool(2);
        var product = new MatrixProduct<float>(shape);
        using var workspace = new GuardedMemory<float>((int)(product.WorkspaceBytes / sizeof(float)));
        product.Run(a.Pointer, b.Pointer, c.Pointer, (byte*)workspace.Pointer, pool);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (var i = 0; i < 20; i++)
                product.Run(a.Pointer, b.Pointer, c.Pointer, (byte*)workspace.Pointer, pool);
        }));
    }

    [Fact]
    public void Refuses_a_stride_shorter_than_a_row()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixProduct<float>(new(4, 5, 6) { StrideB = 4 }));
        Assert.Equal("StrideB", error.ParamName);
    }

    private static MatrixProductStrategy RandomStrategy(Random random) => new(
        random.Next(2) == 0 ? OperandSource.InPlace : OperandSource.PackedAhead, (OperandSource)random.Next(3), random.Next(3) == 0);

    private static MatrixProductShape Vary(MatrixProductShape shape, Random random)
    {
        shape = shape with { TransposeA = random.Next(2) == 0, TransposeB = random.Next(2) == 0, Accumulate = random.Next(3) == 0 };
        if (random.Next(2) == 0)
        {
            shape = shape with
            {
                StrideA = (shape.TransposeA ? shape.Rows : shape.Depth) + random.Next(4),
                StrideB = (shape.TransposeB ? shape.Depth : shape.Columns) + random.Next(4),
                StrideC = shape.Columns + random.Next(4),
            };
        }
        if (random.Next(4) == 0)
        {
            var full = shape.Resolve();
            shape = shape with
            {
                Batch = random.Next(2, 5),
                BatchStrideA = random.Next(3) == 0 ? 0 : full.StrideA * (shape.TransposeA ? shape.Depth : shape.Rows) + random.Next(3),
                BatchStrideB = random.Next(3) == 0 ? 0 : full.StrideB * (shape.TransposeB ? shape.Columns : shape.Depth) + random.Next(3),
                BatchStrideC = full.StrideC * shape.Rows + random.Next(3),
            };
        }
        return shape;
    }

    private void Check<T>(MatrixProductShape given, VectorWidth? width, MatrixProductStrategy? strategy, Random random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var shape = given.Resolve();
        using var a = new GuardedMemory<T>(Extent(shape.TransposeA ? shape.Depth : shape.Rows, shape.TransposeA ? shape.Rows : shape.Depth, shape.StrideA, shape.BatchStrideA, shape.Batch), random.Next(4)).FillRandom(random);
        using var b = new GuardedMemory<T>(Extent(shape.TransposeB ? shape.Columns : shape.Depth, shape.TransposeB ? shape.Depth : shape.Columns, shape.StrideB, shape.BatchStrideB, shape.Batch), random.Next(4)).FillRandom(random);
        using var c = new GuardedMemory<T>(Extent(shape.Rows, shape.Columns, shape.StrideC, shape.BatchStrideC, shape.Batch), random.Next(4)).FillRandom(random);
        var before = c.Span.ToArray();
        Run(given, width, strategy, a, b, c, random.Next(1, 4));
        var written = new bool[before.Length];
        var (operandA, operandB, initial) = (Doubles<T>(a.Span), Doubles<T>(b.Span), Doubles<T>(before));
        var epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One) * (1 + Math.Sqrt(shape.Depth));
        for (var batch = 0; batch < shape.Batch; batch++)
        {
            for (var i = 0; i < shape.Rows; i++)
            {
                for (var j = 0; j < shape.Columns; j++)
                {
                    var at = (int)(batch * shape.BatchStrideC + i * shape.StrideC + j);
                    var (sum, size) = Element(shape, operandA, operandB, batch, i, j);
                    sum += shape.Accumulate ? initial[at] : 0;
                    size += Math.Abs(initial[at]);
                    var actual = double.CreateChecked(c.Span[at]);
                    if (!(Math.Abs(actual - sum) <= epsilon * size))
                        Assert.Fail($"{typeof(T).Name} {shape} {width} {strategy}: C[{batch}, {i}, {j}] is {actual}, not {sum}");
                    written[at] = true;
                }
            }
        }
        for (var at = 0; at < written.Length; at++)
        {
            if (!written[at] && c.Span[at] != before[at])
                Assert.Fail($"{shape} {width} {strategy}: gap element {at} was overwritten");
        }
        a.CheckGuards();
        b.CheckGuards();
        c.CheckGuards();
    }

    private static double[] Doubles<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < doubles.Length; i++)
            doubles[i] = double.CreateChecked(values[i]);
        return doubles;
    }

    private static (double Sum, double Size) Element(in MatrixProductShape shape, double[] a, double[] b, int batch, int i, int j)
    {
        double sum = 0, size = 0;
        nint stepA = shape.TransposeA ? shape.StrideA : 1, stepB = shape.TransposeB ? 1 : shape.StrideB;
        var atA = batch * shape.BatchStrideA + i * (shape.TransposeA ? 1 : shape.StrideA);
        var atB = batch * shape.BatchStrideB + j * (shape.TransposeB ? shape.StrideB : 1);
        for (var k = 0; k < shape.Depth; k++, atA += stepA, atB += stepB)
        {
            var term = a[atA] * b[atB];
            sum += term;
            size += Math.Abs(term);
        }
        return (sum, size);
    }

    private static int Extent(int rows, int columns, nint stride, nint batchStride, int batch) =>
        rows == 0 || columns == 0 ? 0 : (int)((batch - 1) * batchStride + (rows - 1) * stride + columns);

    private void Run<T>(
        MatrixProductShape shape, VectorWidth? width, MatrixProductStrategy? strategy, GuardedMemory<T> a, GuardedMemory<T> b, GuardedMemory<T> c, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var product = new MatrixProduct<T>(shape, null, width, strategy);
        using var workspace = new GuardedMemory<T>((int)product.WorkspaceBytes / sizeof(T));
        product.Run(a.Pointer, b.Pointer, c.Pointer, (byte*)workspace.Pointer, _pools[threads - 1]);
        workspace.CheckGuards();
    }
}
