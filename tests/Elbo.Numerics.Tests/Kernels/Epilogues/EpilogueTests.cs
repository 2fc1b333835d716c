using System.Numerics;

namespace Elbo.Numerics.Tests;

[Trait("Category", "Kernel")]
public sealed unsafe class EpilogueTests : IDisposable
{
    private readonly WorkerPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Every_strategy_hands_each_element_of_a_product_to_the_epilogue_once_and_complete()
    {
        var random = new Random(31);
        for (var trial = 0; trial < 60; trial++)
        {
            var shape = new MatrixProductShape(random.Next(1, 70), random.Next(1, 70), random.Next(1, 20))
            {
                TransposeA = random.Next(2) == 0,
                TransposeB = random.Next(2) == 0,
                Accumulate = random.Next(2) == 0,
                Batch = random.Next(1, 3),
            };
            shape = shape with { BatchStrideA = shape.Rows * shape.Depth, BatchStrideB = shape.Columns * shape.Depth };
            var strategy = random.Next(2) == 0 ? null : new MatrixProductStrategy(random.Next(2) == 0 ? OperandSource.InPlace : OperandSource.PackedAhead, (OperandSource)random.Next(3), random.Next(2) == 0);
            var expected = Product(shape, null, strategy, 1.0);
            var actual = Product(shape, new PositionEpilogue(shape.Rows, shape.Columns), strategy, 1.0);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i] * 1024 + i, actual[i], 1e-9 * (1 + Math.Abs(actual[i])));
        }
    }

    [Fact]
    public void A_convolution_hands_each_element_to_the_epilogue_once_and_complete()
    {
        var cases =
            from kind in (ConvolutionKind[])[ConvolutionKind.Forward, ConvolutionKind.Images]
            from sizes in new (int Images, int Size, int Stride)[] { (5, 16, 2), (5, 9, 2), (5, 8, 1), (1, 80, 1), (1, 120, 2) }
            select (kind, sizes.Images, sizes.Size, sizes.Stride);
        foreach (var (kind, images, size, stride) in cases)
        {
            var shape = new ConvolutionShape(images, 17, size, size, 30, 3, 3) { StrideY = stride, StrideX = stride, PaddingY = 1, PaddingX = 1 };
            var (rows, columns) = kind == ConvolutionKind.Forward ? (shape.Filters, shape.ResponsePixels) : (shape.Channels, shape.Pixels);
            var expected = Convolve(kind, shape, null);
            var actual = Convolve(kind, shape, new PositionEpilogue(rows, columns));
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i] * 1024 + i, actual[i], 1e-9 * (1 + Math.Abs(actual[i])));
        }
    }

    [Theory]
    [MemberData(nameof(MatrixProductTests.Widths), MemberType = typeof(MatrixProductTests))]
    public void Bias_and_activation_equal_the_element_wise_passes_bit_for_bit(string width)
    {
        Check<float>(Enum.Parse<VectorWidth>(width));
        Check<double>(Enum.Parse<VectorWidth>(width));

        static void Check<T>(VectorWidth width)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var random = new Random(32);
            foreach (var activation in new UnaryOpcode?[] { null, UnaryOpcode.Relu, UnaryOpcode.Tanh, UnaryOpcode.Sigmoid, UnaryOpcode.Softplus, UnaryOpcode.Exp })
            {
                foreach (var axis in Enum.GetValues<BiasAxis>())
                {
                    using var c = new GuardedMemory<T>(7 * 50).FillRandom(random);
                    using var bias = new GuardedMemory<T>(60).FillRandom(random);
                    var before = c.Span.ToArray();
                    // A rectangle at row 4, column 3 of a matrix of 50 columns.
                    new ActivationEpilogue<T>(activation, axis, width) { Operand = bias.Pointer }.Apply(c.Pointer, 50, 4, 3, 6, 45, 0);
                    for (var i = 0; i < before.Length; i++)
                    {
                        var expected = before[i];
                        if (i / 50 < 6 && i % 50 < 45)
                        {
                            expected += bias.Span[axis == BiasAxis.Columns ? 3 + i % 50 : 4 + i / 50];
                            if (activation is { } opcode)
                                ElementwiseKernels<T>.Unary(opcode)(&expected, &expected, 1);
                        }
                        Assert.Equal(expected, c.Span[i]);
                    }
                    c.CheckGuards();
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(MatrixProductTests.Widths), MemberType = typeof(MatrixProductTests))]
    public void A_mask_multiplies_by_the_activations_derivative(string width)
    {
        var random = new Random(33);
        foreach (var (activation, derivative) in new (UnaryOpcode, Func<double, double>)[]
        {
            (UnaryOpcode.Relu, y => y > 0 ? 1 : 0), (UnaryOpcode.Tanh, y => 1 - y * y), (UnaryOpcode.Sigmoid, y => y * (1 - y)),
        })
        {
            using var c = new GuardedMemory<double>(2 * 5 * 40).FillRandom(random);
            using var y = new GuardedMemory<double>(2 * 5 * 40).FillRandom(random);
            var before = c.Span.ToArray();
            // A rectangle at row 1, column 2 of the second of two matrices of 5 × 40.
            new MaskEpilogue<double>(activation, 200, Enum.Parse<VectorWidth>(width)) { Operand = y.Pointer }.Apply(c.Pointer + 242, 40, 1, 2, 3, 37, 1);
            for (var i = 0; i < before.Length; i++)
            {
                var inside = i >= 240 && i < 360 && i % 40 is >= 2 and < 39;
                Assert.Equal(inside ? before[i] * derivative(y.Span[i]) : before[i], c.Span[i], 1e-14);
            }
        }
    }

    [Fact]
    public void Refuses_a_function_without_an_epilogue()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationEpilogue<float>(UnaryOpcode.Cos, BiasAxis.Rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskEpilogue<float>(UnaryOpcode.Cos));
    }

    private double[] Product(MatrixProductShape shape, TileEpilogue<double>? epilogue, MatrixProductStrategy? strategy, double initial)
    {
        using var a = new GuardedMemory<double>(shape.Rows * shape.Depth * shape.Batch).FillRandom(new Random(1));
        using var b = new GuardedMemory<double>(shape.Columns * shape.Depth * shape.Batch).FillRandom(new Random(2));
        using var c = new GuardedMemory<double>(shape.Rows * shape.Columns * shape.Batch);
        c.Span.Fill(initial);
        var product = new MatrixProduct<double>(shape, epilogue, null, strategy);
        using var workspace = new GuardedMemory<double>((int)product.WorkspaceBytes / sizeof(double));
        product.Run(a.Pointer, b.Pointer, c.Pointer, (byte*)workspace.Pointer, _pool);
        return c.Span.ToArray();
    }

    private double[] Convolve(ConvolutionKind kind, ConvolutionShape shape, TileEpilogue<double>? epilogue)
    {
        int x = shape.Images * shape.Channels * shape.Pixels, w = shape.Filters * shape.Channels * shape.Taps, y = shape.Images * shape.Filters * shape.ResponsePixels;
        var (left, right, result) = kind == ConvolutionKind.Forward ? (x, w, y) : (y, w, x);
        using var a = new GuardedMemory<double>(left).FillRandom(new Random(1));
        using var b = new GuardedMemory<double>(right).FillRandom(new Random(2));
        using var c = new GuardedMemory<double>(result);
        var convolution = Convolution<double>.Create(kind, shape, epilogue);
        using var workspace = new GuardedMemory<double>((int)convolution.WorkspaceBytes / sizeof(double));
        convolution.Run(a.Pointer, b.Pointer, c.Pointer, (byte*)workspace.Pointer, _pool);
        return c.Span.ToArray();
    }

    /// <summary>Multiplies by 1024 and adds the element's place: twice, or too early, shows.</summary>
    private sealed class PositionEpilogue(int rows, int columns) : TileEpilogue<double>
    {
        public override void Apply(double* c, nint stride, int row, int column, int rowCount, int columnCount, int batch)
        {
            for (var i = 0; i < rowCount; i++)
            {
                for (var j = 0; j < columnCount; j++)
                    c[i * stride + j] = c[i * stride + j] * 1024 + (batch * rows + row + i) * columns + column + j;
            }
        }
    }
}
