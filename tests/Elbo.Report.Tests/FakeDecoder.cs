using Elbo.Numerics;

namespace Elbo.Report.Tests;

/// <summary>
/// A decoder of the fake digits from two latent dimensions: each class has a place in the plane and the picture between places is their blend.
/// Random tanh features and a least-squares last layer make it a true dense network.
/// </summary>
internal static class FakeDecoder
{
    private const int Hidden = 320;
    private const int Pixels = FakeDigits.Side * FakeDigits.Side;

    /// <summary>Where the classes sit.</summary>
    public static readonly (double X, double Y)[] Places =
        [.. Enumerable.Range(0, 10).Select(k => k < 3
            ? (0.55 * Math.Cos(2.1 * k), 0.55 * Math.Sin(2.1 * k))
            : (1.65 * Math.Cos(0.9 * k), 1.65 * Math.Sin(0.9 * k)))];

    private static readonly Lazy<DecoderNetwork> Fitted = new(Fit);

    public static DecoderNetwork Network => Fitted.Value;

    /// <summary>The picture the decoder is fitted to.</summary>
    public static float[] Target(double x, double y)
    {
        var weights = Places.Select(p => Math.Exp(-(Math.Pow(x - p.X, 2) + Math.Pow(y - p.Y, 2)) / 0.16)).ToArray();
        var sum = weights.Sum() + 1e-12;
        var ink = new float[Pixels];
        for (var k = 0; k < 10; k++)
        {
            if (weights[k] / sum < 0.02) continue;
            var digit = FakeDigits.Draw(k, 0.18 + 0.25 * (x - Places[k].X), 1 + 0.3 * (y - Places[k].Y), 1.35);
            for (var i = 0; i < Pixels; i++) ink[i] += (float)(weights[k] / sum * digit[i]);
        }
        return ink;
    }

    private static DecoderNetwork Fit()
    {
        const int Rows = 1600;
        var random = new Random(7);
        var input = Enumerable.Range(0, 2 * Hidden).Select(_ => (float)(1.6 * Normal(random))).ToArray();
        var bias = Enumerable.Range(0, Hidden).Select(_ => (float)(1.6 * Normal(random))).ToArray();
        var (gram, moment) = (new double[Hidden + 1, Hidden + 1], new double[Hidden + 1, Pixels]);
        var feature = new double[Hidden + 1];
        for (var row = 0; row < Rows; row++)
        {
            var (x, y) = (1.25 * Normal(random), 1.25 * Normal(random));
            for (var h = 0; h < Hidden; h++) feature[h] = Math.Tanh(x * input[h] + y * input[Hidden + h] + bias[h]);
            feature[Hidden] = 1;
            var target = Target(x, y);
            for (var i = 0; i < Pixels; i++) target[i] = MathF.Log((0.02f + 0.96f * target[i]) / (0.98f - 0.96f * target[i]));
            for (var a = 0; a <= Hidden; a++)
            {
                for (var b = 0; b <= a; b++) gram[a, b] += feature[a] * feature[b];
                for (var i = 0; i < Pixels; i++) moment[a, i] += feature[a] * target[i];
            }
        }
        SolveInPlace(gram, moment, 0.3);
        var output = new float[Hidden * Pixels];
        var last = new float[Pixels];
        for (var i = 0; i < Pixels; i++)
        {
            for (var h = 0; h < Hidden; h++) output[h * Pixels + i] = (float)moment[h, i];
            last[i] = (float)moment[Hidden, i];
        }
        using VariableStore<float> store = new();
        return DecoderNetwork.Trace(
            z => ((z.MatMul(Variable([2, Hidden], input)) + Variable([Hidden], bias)).Tanh().MatMul(Variable([Hidden, Pixels], output)) + Variable([Pixels], last)).Sigmoid(),
            2, 1, FakeDigits.Side, FakeDigits.Side, store);

        Variable Variable(Shape shape, float[] values)
        {
            Variable variable = new($"decoder.{store.Variables.Count}", shape);
            values.CopyTo(store[variable]);
            return variable;
        }
    }

    /// <summary>Solves <c>(A + ridge·I) X = B</c> by Cholesky; the lower half of A holds the matrix, B becomes X.</summary>
    private static void SolveInPlace(double[,] matrix, double[,] right, double ridge)
    {
        var (n, columns) = (matrix.GetLength(0), right.GetLength(1));
        for (var i = 0; i < n; i++) matrix[i, i] += ridge;
        for (var j = 0; j < n; j++)
        {
            for (var k = 0; k < j; k++) matrix[j, j] -= matrix[j, k] * matrix[j, k];
            matrix[j, j] = Math.Sqrt(matrix[j, j]);
            for (var i = j + 1; i < n; i++)
            {
                for (var k = 0; k < j; k++) matrix[i, j] -= matrix[i, k] * matrix[j, k];
                matrix[i, j] /= matrix[j, j];
            }
        }
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) for (var c = 0; c < columns; c++) right[i, c] -= matrix[i, k] * right[k, c];
            for (var c = 0; c < columns; c++) right[i, c] /= matrix[i, i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) for (var c = 0; c < columns; c++) right[i, c] -= matrix[k, i] * right[k, c];
            for (var c = 0; c < columns; c++) right[i, c] /= matrix[i, i];
        }
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
