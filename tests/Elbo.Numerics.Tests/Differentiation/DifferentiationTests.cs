namespace Elbo.Numerics.Tests;

public class DifferentiationTests
{
    public static TheoryData<string> Functions => [.. Cases.Keys];

    private static readonly Dictionary<string, Action> Cases = new()
    {
        ["negate"] = () => Unary(x => -x),
        ["abs"] = () => Unary(x => x.Abs(), 0.2, 2),
        ["exp"] = () => Unary(x => x.Exp()),
        ["log"] = () => Unary(x => x.Log(), 0.3, 3),
        ["log1p"] = () => Unary(x => x.Log1p(), -0.5, 3),
        ["expm1"] = () => Unary(x => x.Expm1()),
        ["sqrt"] = () => Unary(x => x.Sqrt(), 0.3, 3),
        ["rsqrt"] = () => Unary(x => x.ReciprocalSqrt(), 0.4, 3),
        ["reciprocal"] = () => Unary(x => x.Reciprocal(), 0.4, 3),
        ["square"] = () => Unary(x => x.Square()),
        ["sin"] = () => Unary(x => x.Sin()),
        ["cos"] = () => Unary(x => x.Cos()),
        ["tanh"] = () => Unary(x => x.Tanh()),
        ["sigmoid"] = () => Unary(x => x.Sigmoid(), -5, 5),
        ["softplus"] = () => Unary(x => x.Softplus(), -5, 5),
        ["relu"] = () => Unary(x => x.Relu(), 0.1, 2),
        ["gelu"] = () => Unary(x => x.Gelu()),
        ["silu"] = () => Unary(x => x.Silu()),
        ["logsigmoid"] = () => Unary(x => x.LogSigmoid(), -5, 5),
        ["elu"] = () => Unary(x => x.Elu(), -2, -0.1),
        ["leakyrelu"] = () => Unary(x => x.LeakyRelu(0.2), -2, -0.1),
        ["erf"] = () => Unary(x => x.Erf()),
        ["erfc"] = () => Unary(x => x.Erfc()),
        ["normalquantile"] = () => Unary(x => x.NormalQuantile(), 0.1, 0.9),
        ["loggamma"] = () => Unary(x => x.LogGamma(), 0.5, 4),
        ["power"] = () => Binary((a, b) => a.Power(b), 0.5, 2),
        ["add"] = () => Binary((a, b) => a + b),
        ["multiply"] = () => Binary((a, b) => a * b),
        ["divide"] = () => Binary((a, b) => a / b, 0.5, 2),
        ["maximum"] = () => Binary((a, b) => a.Maximum(b)),
        ["minimum"] = () => Binary((a, b) => a.Minimum(b)),
        ["where"] = () => Binary((a, b) => Tensor.Where(a.Greater(b), a * b, a.Square())),
        ["sum"] = () => GradientCheck.Check(x => x[0].Square().Sum([0, 2]), 3, true, ([2, 3, 2], -1, 1)),
        ["mean"] = () => GradientCheck.Check(x => x[0].Square().Mean(-1, true), 3, true, ([2, 3], -1, 1)),
        ["max"] = () => GradientCheck.Check(x => x[0].Square().Max(1), 4, true, ([3, 4], -1, 1)),
        ["logsumexp"] = () => GradientCheck.Check(x => x[0].LogSumExp(-1), 5, true, ([3, 4], -3, 3)),
        ["softmax"] = () => GradientCheck.Check(x => x[0].Softmax(0), 5, true, ([3, 4], -3, 3)),
        ["normalize"] = () => GradientCheck.Check(x => x[0].Normalize([0]), 5, true, ([4, 3], -3, 3)),
        ["reshape"] = () => GradientCheck.Check(x => x[0].Reshape([3, 2]).Square(), 6, true, ([2, 3], -1, 1)),
        ["transpose"] = () => GradientCheck.Check(x => x[0].Transpose(2, 0, 1).Square(), 6, true, ([2, 3, 2], -1, 1)),
        ["broadcast"] = () => GradientCheck.Check(x => x[0].BroadcastTo([2, 3, 4]).Square(), 6, true, ([3, 1], -1, 1)),
        ["slice"] = () => GradientCheck.Check(x => x[0].Slice(1, 1, 2).Square(), 6, true, ([2, 4], -1, 1)),
        ["pad"] = () => GradientCheck.Check(x => x[0].Pad([1, 0], [0, 2]).Square(), 6, true, ([2, 2], -1, 1)),
        ["concatenate"] = () => GradientCheck.Check(x => Tensor.Concatenate(1, x[0], x[1]).Square(), 6, true, ([2, 2], -1, 1), ([2, 3], -1, 1)),
        ["gather"] = () => GradientCheck.Check(x => x[0].Gather(Tensor.Constant([3], [2, 0, 2])).Square(), 6, true, ([3, 2], -1, 1)),
        ["lowertriangle"] = () => GradientCheck.Check(x => x[0].LowerTriangle().Square(), 6, true, ([2, 3, 3], -1, 1)),
        ["diagonal"] = () => GradientCheck.Check(x => x[0].Diagonal().DiagonalMatrix().Square(), 6, true, ([2, 3, 3], -1, 1)),
        ["matmul"] = () => MatMul(false, false),
        ["matmul At"] = () => MatMul(true, false),
        ["matmul Bt"] = () => MatMul(false, true),
        ["matmul AtBt"] = () => MatMul(true, true),
        ["convolve"] = () => GradientCheck.Check(x => x[0].Convolve(x[1], 2, 1).Square(), 7, true, ([2, 2, 5, 4], -1, 1), ([3, 2, 3, 2], -1, 1)),
        ["convolvetransposed"] = () => GradientCheck.Check(x => x[0].ConvolveTransposed(x[1], 2, 1, 1).Square(), 7, true, ([2, 3, 3, 2], -1, 1), ([3, 2, 3, 3], -1, 1)),
        ["averagepool"] = () => GradientCheck.Check(x => x[0].AveragePool(2, 2).Square(), 7, true, ([2, 1, 5, 4], -1, 1)),
        ["maxpool"] = () => GradientCheck.Check(x => x[0].MaxPool(2, 2).Square(), 7, true, ([2, 1, 5, 4], -1, 1)),
        ["cholesky"] = () => GradientCheck.Check(x => (x[0].MatMul(x[0], false, true) + Tensor.Identity(3)).Cholesky(), 8, true, ([2, 3, 3], -1, 1)),
        ["triangularsolve"] = () => GradientCheck.Check(x => (x[0] + Tensor.Identity(3) * 2.0).TriangularSolve(x[1]), 8, true, ([2, 3, 3], 0, 1), ([2, 3, 2], -1, 1)),
        ["triangularsolve transposed"] = () => GradientCheck.Check(x => (x[0] + Tensor.Identity(3) * 2.0).TriangularSolve(x[1], true), 8, true, ([2, 3, 3], 0, 1), ([2, 3, 2], -1, 1)),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_match_central_differences(string function) => Cases[function]();

    [Fact]
    public void A_target_the_scalar_does_not_depend_on_has_zero_gradient()
    {
        Tensor x = Tensor.Input("x", [2]), y = Tensor.Input("y", [3]);
        double[][] gradients = ReferenceEvaluator.Evaluate(x.Sum().Gradients(x, y), new Dictionary<Tensor, double[]> { [x] = [1, 2] });
        Assert.Equal([1, 1], gradients[0]);
        Assert.Equal([0, 0, 0], gradients[1]);
    }

    [Fact]
    public void No_gradient_flows_through_StopGradient()
    {
        Tensor x = Tensor.Input("x", [1]);
        double[][] gradients = ReferenceEvaluator.Evaluate((x * x.StopGradient()).Sum().Gradients(x), new Dictionary<Tensor, double[]> { [x] = [3] });
        Assert.Equal([3.0], gradients[0]);
    }

    [Fact]
    public void Only_a_scalar_can_be_differentiated()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Input("x", [2]).Gradients());
        Assert.Contains("[2]", error.Message, StringComparison.Ordinal);
    }

    private static void Unary(Func<Tensor, Tensor> function, double low = -2, double high = 2) =>
        GradientCheck.Check(x => function(x[0]), 1, true, ([2, 3], low, high));

    private static void Binary(Func<Tensor, Tensor, Tensor> function, double low = -2, double high = 2)
    {
        GradientCheck.Check(x => function(x[0], x[1]), 2, true, ([2, 3], low, high), ([2, 3], low, high));
        GradientCheck.Check(x => function(x[0], x[1]), 2, true, ([2, 1], low, high), ([3], low, high));
    }

    private static void MatMul(bool left, bool right)
    {
        GradientCheck.Check(x => x[0].MatMul(x[1], left, right).Square(), 9, true, (left ? [3, 2] : [2, 3], -1, 1), (right ? [4, 3] : [3, 4], -1, 1));
        GradientCheck.Check(x => x[0].MatMul(x[1], left, right).Square(), 9, true, (left ? [2, 3, 2] : [2, 2, 3], -1, 1), (right ? [2, 4, 3] : [2, 3, 4], -1, 1));
    }
}
