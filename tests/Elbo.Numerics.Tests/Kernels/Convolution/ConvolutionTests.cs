using System.Numerics;
using System.Runtime.InteropServices;
using Elbo.TestSupport;

namespace Elbo.Numerics.Tests;

[Trait("Category", "Kernel")]
public sealed unsafe class ConvolutionTests : IDisposable
{
    private readonly WorkerPool[] _pools = [new(1), new(2), new(3)];

    public void Dispose()
    {
        foreach (var pool in _pools)
            pool.Dispose();
    }

    [Theory]
    [MemberData(nameof(MatrixProductTests.Widths), MemberType = typeof(MatrixProductTests))]
    public void Equals_the_plain_loops_for_any_shape(string width)
    {
        var random = new Random(21);
        for (var trial = 0; trial < 60; trial++)
        {
            var shape = RandomShape(random);
            foreach (var kind in Enum.GetValues<ConvolutionKind>())
            {
                Check<float>(kind, shape, Enum.Parse<VectorWidth>(width), random);
                Check<double>(kind, shape, Enum.Parse<VectorWidth>(width), random);
            }
        }
    }

    [Fact]
    public void Equals_the_plain_loops_for_the_layers_of_an_image_autoencoder()
    {
        var random = new Random(22);
        foreach (var (images, channels, size, filters) in new[] { (5, 3, 32, 32), (5, 32, 16, 64), (5, 64, 8, 128), (1, 32, 16, 64), (1, 64, 8, 128), (2, 32, 16, 50) })
        {
            var shape = new ConvolutionShape(images, channels, size, size, filters, 4, 4) { StrideY = 2, StrideX = 2, PaddingY = 1, PaddingX = 1 };
            foreach (var kind in Enum.GetValues<ConvolutionKind>())
                Check<float>(kind, shape, null, random);
        }
    }

    [Fact]
    public void The_three_products_are_adjoint()
    {
        var random = new Random(23);
        for (var trial = 0; trial < 50; trial++)
        {
            var shape = RandomShape(random);
            using var x = Operand<double>(ConvolutionKind.Images, shape).FillRandom(random);
            using var w = Operand<double>(ConvolutionKind.Filters, shape).FillRandom(random);
            using var y = Operand<double>(ConvolutionKind.Forward, shape).FillRandom(random);
            using var convolved = Operand<double>(ConvolutionKind.Forward, shape);
            using var images = Operand<double>(ConvolutionKind.Images, shape);
            using var filters = Operand<double>(ConvolutionKind.Filters, shape);
            Run(ConvolutionKind.Forward, shape, null, x, w, convolved, 2);
            Run(ConvolutionKind.Images, shape, null, y, w, images, 2);
            Run(ConvolutionKind.Filters, shape, null, x, y, filters, 2);
            var expected = Dot(convolved, y);
            Assert.Equal(expected, Dot(x, images), 1e-10 * (1 + Math.Abs(expected)));
            Assert.Equal(expected, Dot(w, filters), 1e-10 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void Gives_the_same_bytes_for_any_number_of_threads()
    {
        var random = new Random(24);
        foreach (var (images, channels, size, filters) in new[] { (40, 3, 32, 32), (33, 16, 16, 20), (17, 40, 8, 50), (1, 32, 32, 64), (2, 30, 32, 50) })
        {
            var shape = new ConvolutionShape(images, channels, size, size, filters, 4, 4) { StrideY = 2, StrideX = 2, PaddingY = 1, PaddingX = 1 };
            foreach (var kind in Enum.GetValues<ConvolutionKind>())
            {
                using var left = Operand<float>(Left(kind), shape).FillRandom(random);
                using var right = Operand<float>(Right(kind), shape).FillRandom(random);
                byte[]? expected = null;
                for (var threads = 1; threads <= 3; threads++)
                {
                    using var result = Operand<float>(kind, shape);
                    Run(kind, shape, null, left, right, result, threads);
                    var bytes = MemoryMarshal.AsBytes(result.Span).ToArray();
                    expected ??= bytes;
                    Assert.Equal(expected, bytes);
                }
            }
        }
    }

    [Fact]
    public void Allocates_nothing_per_run()
    {
        var shape = new ConvolutionShape(8, 3, 16, 16, 8, 4, 4) { StrideY = 2, StrideX = 2, PaddingY = 1, PaddingX = 1 };
        foreach (var kind in Enum.GetValues<ConvolutionKind>())
        {
            using var left = Operand<float>(Left(kind), shape).FillRandom(new Random(1));
            using var right = Operand<float>(Right(kind), shape).FillRandom(new Random(2));
            using var result = Operand<float>(kind, shape);
            var convolution = Convolution<float>.Create(kind, shape);
            using var workspace = new GuardedMemory<float>((int)convolution.WorkspaceBytes / sizeof(float));
            convolution.Run(left.Pointer, right.Pointer, result.Pointer, (byte*)workspace.Pointer, _pools[1]);
            Assert.Equal(0, Allocations.Fewest(() =>
            {
                for (var i = 0; i < 10; i++)
                    convolution.Run(left.Pointer, right.Pointer, result.Pointer, (byte*)workspace.Pointer, _pools[1]);
            }));
        }
    }

    [Fact]
    public void Refuses_filters_larger_than_the_padded_images()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Convolution<float>.Create(ConvolutionKind.Forward, new(1, 1, 3, 9, 1, 6, 6) { PaddingY = 1 }));
        Assert.Equal("Height", error.ParamName);
    }

    private static ConvolutionShape RandomShape(Random random)
    {
        while (true)
        {
            var shape = new ConvolutionShape(
                random.Next(1, 7), random.Next(1, 8), random.Next(1, 20), random.Next(1, 20), random.Next(1, 40), random.Next(1, 6), random.Next(1, 6))
            {
                StrideY = random.Next(1, 4),
                StrideX = random.Next(1, 4),
                PaddingY = random.Next(0, 3),
                PaddingX = random.Next(0, 3),
            };
            if (shape.Height + 2 * shape.PaddingY >= shape.KernelHeight && shape.Width + 2 * shape.PaddingX >= shape.KernelWidth)
                return shape;
        }
    }

    private static ConvolutionKind Left(ConvolutionKind kind) => kind == ConvolutionKind.Images ? ConvolutionKind.Forward : ConvolutionKind.Images;

    private static ConvolutionKind Right(ConvolutionKind kind) => kind == ConvolutionKind.Filters ? ConvolutionKind.Forward : ConvolutionKind.Filters;

    /// <summary>Memory for what the product of this kind produces: responses, images or filters.</summary>
    private static GuardedMemory<T> Operand<T>(ConvolutionKind kind, ConvolutionShape shape)
        where T : unmanaged, IFloatingPointIeee754<T> => new(kind switch
        {
            ConvolutionKind.Forward => shape.Images * shape.Filters * shape.ResponsePixels,
            ConvolutionKind.Images => shape.Images * shape.Channels * shape.Pixels,
            _ => shape.Filters * shape.Channels * shape.Taps,
        });

    private static double Dot(GuardedMemory<double> left, GuardedMemory<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left.Span[i] * right.Span[i];
        return sum;
    }

    private void Check<T>(ConvolutionKind kind, ConvolutionShape shape, VectorWidth? width, Random random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var left = Operand<T>(Left(kind), shape).FillRandom(random);
        using var right = Operand<T>(Right(kind), shape).FillRandom(random);
        using var result = Operand<T>(kind, shape);
        Run(kind, shape, width, left, right, result, random.Next(1, 4));
        var sums = new double[result.Length];
        var sizes = new double[result.Length];
        PlainLoops(kind, shape, Doubles(left), Doubles(right), sums, sizes);
        var epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One) * (1 + Math.Sqrt(shape.Work / (double)result.Length));
        for (var i = 0; i < sums.Length; i++)
        {
            var actual = double.CreateChecked(result.Span[i]);
            if (!(Math.Abs(actual - sums[i]) <= epsilon * sizes[i]))
                Assert.Fail($"{kind} {typeof(T).Name} {shape} {width}: element {i} is {actual}, not {sums[i]}");
        }
        left.CheckGuards();
        right.CheckGuards();
        result.CheckGuards();
    }

    private static double[] Doubles<T>(GuardedMemory<T> memory)
        where T : unmanaged, IFloatingPointIeee754<T> => Array.ConvertAll(memory.Span.ToArray(), double.CreateChecked);

    private static void PlainLoops(ConvolutionKind kind, in ConvolutionShape shape, double[] left, double[] right, double[] sums, double[] sizes)
    {
        var y = 0;
        for (var n = 0; n < shape.Images; n++)
            for (var f = 0; f < shape.Filters; f++)
                for (var oy = 0; oy < shape.ResponseHeight; oy++)
                    for (var ox = 0; ox < shape.ResponseWidth; ox++, y++)
                        for (var c = 0; c < shape.Channels; c++)
                            for (var tap = 0; tap < shape.Taps; tap++)
                            {
                                var iy = oy * shape.StrideY + tap / shape.KernelWidth - shape.PaddingY;
                                var ix = ox * shape.StrideX + tap % shape.KernelWidth - shape.PaddingX;
                                if (iy < 0 || ix < 0 || iy >= shape.Height || ix >= shape.Width)
                                    continue;
                                var x = ((n * shape.Channels + c) * shape.Height + iy) * shape.Width + ix;
                                var w = (f * shape.Channels + c) * shape.Taps + tap;
                                var (to, a, b) = kind switch
                                {
                                    ConvolutionKind.Forward => (y, x, w),
                                    ConvolutionKind.Images => (x, y, w),
                                    _ => (w, x, y),
                                };
                                sums[to] += left[a] * right[b];
                                sizes[to] += Math.Abs(left[a] * right[b]);
                            }
    }

    private void Run<T>(
        ConvolutionKind kind, ConvolutionShape shape, VectorWidth? width, GuardedMemory<T> left, GuardedMemory<T> right, GuardedMemory<T> result, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var convolution = Convolution<T>.Create(kind, shape, null, width);
        using var workspace = new GuardedMemory<T>((int)convolution.WorkspaceBytes / sizeof(T));
        convolution.Run(left.Pointer, right.Pointer, result.Pointer, (byte*)workspace.Pointer, _pools[threads - 1]);
        workspace.CheckGuards();
    }
}
