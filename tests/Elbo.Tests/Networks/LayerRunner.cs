using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Networks;

/// <summary>Runs a layer once in double precision.</summary>
internal static class LayerRunner
{
    public static double[] Run(Layer layer, Shape shape, double[] x, bool isTraining = false) => Run(layer, shape, x, isTraining, out _);

    public static double[] Run(Layer layer, Shape shape, double[] x, bool isTraining, out Dictionary<string, double[]> after)
    {
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        layer.Parameters.Initialize(store, new RandomStream(11));
        LayerContext context = new(isTraining);
        Tensor input = Tensor.Input("x", shape);
        Tensor output = layer.Apply(input, context);
        Assert.Equal([shape[0], .. layer.OutputShape], output.Shape);
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [output], context.Updates);
        x.CopyTo(plan.Input(input));
        plan.Run(new RandomStream(5));
        after = layer.Parameters.ToDictionary(parameter => parameter.Name, parameter => store[parameter.Variable].ToArray());
        return plan.Output(0).ToArray();
    }
}
