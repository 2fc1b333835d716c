using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>Draws outside a plan, for values that are needed once.</summary>
internal static class InitialDraws
{
    public static void Normal(Span<double> values, RandomStream stream) => Draw(values, Tensor.RandomNormal([values.Length], 0), stream);

    public static void Uniform(Span<double> values, RandomStream stream) => Draw(values, Tensor.RandomUniform([values.Length], 0), stream);

    private static void Draw(Span<double> values, Tensor draws, RandomStream stream)
    {
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [draws]);
        plan.Run(stream);
        plan.Output(0).CopyTo(values);
    }
}
