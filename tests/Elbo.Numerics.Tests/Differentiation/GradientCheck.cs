namespace Elbo.Numerics.Tests;

/// <summary>Compares a graph's gradients with central differences in double, by the reference evaluator.</summary>
internal static class GradientCheck
{
    /// <summary>Checks first and, through the gradient of a random projection of the gradients, second derivatives.</summary>
    public static void Check(Func<Tensor[], Tensor> function, int seed, bool second, params (Shape Shape, double Low, double High)[] arguments)
    {
        Random random = new(seed);
        Tensor[] inputs = [.. arguments.Select((argument, i) => Tensor.Input($"x{i}", argument.Shape))];
        Dictionary<Tensor, double[]> values = [];
        for (int i = 0; i < inputs.Length; i++)
            values[inputs[i]] = [.. Enumerable.Range(0, inputs[i].Shape.ElementCount).Select(_ => arguments[i].Low + random.NextDouble() * (arguments[i].High - arguments[i].Low))];

        Tensor result = function(inputs);
        Tensor scalar = (result * Projection(result.Shape, random)).Sum();
        Compare(scalar, inputs, values, $"seed {seed}, first derivative");
        if (!second) return;
        Tensor projected = scalar.Gradients(inputs).Select(gradient => (gradient * Projection(gradient.Shape, random)).Sum()).Aggregate((a, b) => a + b);
        Compare(projected, inputs, values, $"seed {seed}, second derivative");
    }

    private static Tensor Projection(Shape shape, Random random) =>
        Tensor.Constant(shape, [.. Enumerable.Range(0, shape.ElementCount).Select(_ => random.NextDouble() * 2 - 1)]);

    private static void Compare(Tensor scalar, Tensor[] inputs, Dictionary<Tensor, double[]> values, string what)
    {
        double[][] gradients = ReferenceEvaluator.Evaluate(scalar.Gradients(inputs), values);
        for (int i = 0; i < inputs.Length; i++)
        {
            double[] x = values[inputs[i]];
            for (int j = 0; j < x.Length; j++)
            {
                double kept = x[j], step = 1e-5 * Math.Max(1, Math.Abs(kept));
                x[j] = kept + step;
                double above = ReferenceEvaluator.Evaluate([scalar], values)[0][0];
                x[j] = kept - step;
                double below = ReferenceEvaluator.Evaluate([scalar], values)[0][0];
                x[j] = kept;
                double expected = (above - below) / (2 * step);
                // Central differences at 1e-5 carry a truncation error near 1e-10 and a rounding error near 1e-11 times the value.
                Assert.True(Math.Abs(expected - gradients[i][j]) <= 2e-6 * Math.Max(1, Math.Abs(expected)),
                    $"{what}: d/d{inputs[i].Operation.Name}[{j}] is {gradients[i][j]:R}, central difference {expected:R}");
            }
        }
    }
}
