using System.Text.Json;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Tests.Training;

public class OptimizerTests
{
    private static readonly Dictionary<string, Optimizer> Cases = new()
    {
        ["sgd"] = new Sgd(0.05),
        ["sgd-decay"] = new Sgd(0.05, WeightDecay: 0.1),
        ["sgd-momentum"] = new Sgd(0.05, 0.9),
        ["sgd-nesterov"] = new Sgd(0.05, 0.9, true),
        ["adagrad"] = new Adagrad(0.1),
        ["adagrad-decay"] = new Adagrad(0.1, 0.05, 0.1, WeightDecay: 0.01),
        ["rmsprop"] = new RmsProp(0.02),
        ["rmsprop-centered"] = new RmsProp(0.02, 0.9, 1e-6, false, 0.5, true),
        ["adam"] = new Adam(0.05),
        ["adam-options"] = new Adam(0.05, 0.8, 0.95, 1e-3, WeightDecay: 0.1),
        ["adamw"] = new AdamW(0.05, WeightDecay: 0.2),
        ["adamax"] = new Adamax(0.05, Epsilon: 1e-6),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_steps_equal_those_of_PyTorch(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "optimizers.json")));
        JsonElement root = golden.RootElement;
        double[][] actual = Run(Cases[name], Numbers(root.GetProperty("theta")), Numbers(root.GetProperty("centre")), Numbers(root.GetProperty("weight")));
        JsonElement[] expected = [.. root.GetProperty("cases").GetProperty(name).EnumerateArray()];
        Assert.Equal(10, expected.Length);
        for (int step = 0; step < 10; step++)
        {
            double[] row = Numbers(expected[step]);
            for (int i = 0; i < row.Length; i++)
                Assert.True(Math.Abs(row[i] - actual[step][i]) <= 1e-11 * Math.Max(1, Math.Abs(row[i])), $"step {step + 1}, element {i}: PyTorch {row[i]:R}, here {actual[step][i]:R}");
        }
    }

    [Fact]
    public void Adam_with_epsilon_before_the_correction_is_the_papers_second_form()
    {
        // One step from zero moments on g = 2: m = 0.2, v = 0.004, rate η·√(1 − β₂)/(1 − β₁), ε not divided by √(1 − β₂).
        double[] after = OneStep(new Adam(0.1, Epsilon: 0.5, EpsilonBeforeCorrection: true), 2);
        Assert.Equal(-0.1 * Math.Sqrt(0.001) / 0.1 * 0.2 / (Math.Sqrt(0.004) + 0.5), after[0], 1e-14);
    }

    [Fact]
    public void Adams_second_moment_can_start_at_one()
    {
        double[] after = OneStep(new Adam(0.1, 0.99, 0.999, 1e-4, true, 1), 2);
        Assert.Equal(-0.1 * Math.Sqrt(0.001) / 0.01 * 0.02 / (Math.Sqrt(0.999 + 0.004) + 1e-4), after[0], 1e-14);
    }

    [Fact]
    public void RmsProp_can_put_epsilon_inside_the_root()
    {
        double[] after = OneStep(new RmsProp(0.1, 0.9, 0.5, true), 2);
        Assert.Equal(-0.1 * 2 / Math.Sqrt(0.4 + 0.5), after[0], 1e-14);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Equal("The optimizer's 'beta1' is 1; it must be in [0, 1).", Assert.Throws<ElboException>(() => new Adam(Beta1: 1).Validate()).Message);
        Assert.Equal("The optimizer's 'learningRate' is 0; it must be above 0.", Assert.Throws<ElboException>(() => new Sgd(0).Validate()).Message);
        Assert.Contains("'nesterov' needs", Assert.Throws<ElboException>(() => new Sgd(0.1, 0, true).Validate()).Message);
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetDouble())];

    private static double[] OneStep(Optimizer optimizer, double gradient)
    {
        Parameter parameter = new("p", [1], Initializer.Zeros);
        return Run(optimizer, parameter, parameter.Value.Sum() * -gradient, 1)[0];
    }

    private static double[][] Run(Optimizer optimizer, double[] theta, double[] centre, double[] weight)
    {
        Shape shape = [2, 3];
        Parameter parameter = new("p", shape, Initializer.Values(theta));
        Tensor x = parameter.Value;
        Tensor loss = (Tensor.Constant(shape, weight) * (x - Tensor.Constant(shape, centre)).Square() + (x * 3.0).Sin()).Sum();
        return Run(optimizer, parameter, -loss, 10);
    }

    private static double[][] Run(Optimizer optimizer, Parameter parameter, Tensor objective, int steps)
    {
        optimizer.Validate();
        Dictionary<string, Parameter> moments = [];
        OptimizerContext context = new(moments, null);
        optimizer.Build(parameter, (-objective).Gradients(parameter.Value)[0], context);
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        moments.Values.Prepend(parameter).Initialize(store, new RandomStream(1));
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [], context.Updates);
        double[][] trace = new double[steps][];
        for (int step = 1; step <= steps; step++)
        {
            foreach (StepScalar scalar in context.Scalars) plan.Input(scalar.Input)[0] = scalar.Value(step, optimizer.LearningRate);
            plan.Run();
            trace[step - 1] = store[parameter.Variable].ToArray();
        }

        return trace;
    }
}
