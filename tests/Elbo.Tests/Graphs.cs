using Elbo.Numerics;

namespace Elbo.Tests;

/// <summary>Runs small graphs in double precision for tests.</summary>
internal static class Graphs
{
    /// <summary>Compiles and runs a graph without inputs once.</summary>
    public static double[][] Evaluate(ulong seed, params Tensor[] outputs)
    {
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, outputs);
        plan.Run(new RandomStream(seed));
        return [.. Enumerable.Range(0, outputs.Length).Select(i => plan.Output(i).ToArray())];
    }

    /// <summary>The value of a graph without inputs or draws.</summary>
    public static double[] Value(Tensor output) => Evaluate(0, output)[0];

    /// <summary>The value of a scalar graph without inputs or draws.</summary>
    public static double Scalar(Tensor output) => Assert.Single(Value(output));

    /// <summary>A vector of constants.</summary>
    public static Tensor Vector(params double[] values) => Tensor.Constant([values.Length], values);

    /// <summary>A matrix of constants, row after row.</summary>
    public static Tensor Matrix(int rows, params double[] values) => Tensor.Constant([rows, values.Length / rows], values);

    /// <summary>Asserts that two numbers agree within a part of the larger, or of 1.</summary>
    public static void Close(double expected, double actual, double tolerance, string what = "") =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");

    /// <summary>Asserts that two arrays agree element by element.</summary>
    public static void Close(double[] expected, double[] actual, double tolerance, string what = "")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Close(expected[i], actual[i], tolerance, $"{what}[{i}]");
    }

    /// <summary>
    /// Asserts that independent estimates have an expectation: their mean is within five standard errors of it, the error being that of the
    /// replicates themselves. Under a true expectation a test with one number fails for one seed in about a million (for 50 replicates, whose
    /// error is itself uncertain, in about a hundred thousand).
    /// </summary>
    public static void HasExpectation(double[] expected, double[][] replicates, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double mean = replicates.Average(replicate => replicate[i]);
            double variance = replicates.Sum(replicate => (replicate[i] - mean) * (replicate[i] - mean)) / (replicates.Length - 1);
            double error = Math.Sqrt(variance / replicates.Length);
            Assert.True(Math.Abs(mean - expected[i]) <= 5 * error, $"{what}[{i}]: expected {expected[i]:R}, got {mean:R} ± {error:R} from {replicates.Length} replicates");
        }
    }
}
