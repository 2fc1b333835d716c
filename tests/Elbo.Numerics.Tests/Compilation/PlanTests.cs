using System.Numerics;
using Elbo.TestSupport;

namespace Elbo.Numerics.Tests;

public class PlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Plans_of_random_graphs_match_the_plain_evaluator(int block)
    {
        for (int seed = block * 1000; seed < block * 1000 + 75; seed++)
        {
            RandomGraph graph = new(seed, 40);
            double[][] expected = ReferenceEvaluator.Evaluate([.. graph.Outputs, .. graph.Updates.Select(update => update.Value)], graph.Values);
            foreach (int threads in (int[])[1, 2])
            {
                (double[][] outputs, double[][] variables) = Run<double>(graph, threads);
                for (int i = 0; i < graph.Outputs.Length; i++) AssertClose(expected[i], outputs[i], 1e-9, $"seed {seed}, output {i}: {graph.Outputs[i]}, {threads} threads");
                for (int i = 0; i < variables.Length; i++) AssertClose(expected[graph.Outputs.Length + i], variables[i], 1e-9, $"seed {seed}, update {i}, {threads} threads");
            }
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            RandomGraph graph = new(seed, 40);
            (double[][] one, double[][] oneVariables) = Run<float>(graph, 1);
            (double[][] three, double[][] threeVariables) = Run<float>(graph, 3);
            for (int i = 0; i < one.Length; i++) Assert.True(one[i].AsSpan().SequenceEqual(three[i]), $"seed {seed}, output {i}");
            for (int i = 0; i < oneVariables.Length; i++) Assert.True(oneVariables[i].AsSpan().SequenceEqual(threeVariables[i]), $"seed {seed}, variable {i}");
        }
    }

    [Fact]
    public void Updates_take_their_values_from_before_the_run_even_in_a_circle()
    {
        Variable a = new("a", [3]), b = new("b", [3]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        new float[] { 1, 2, 3 }.CopyTo(store[a]);
        new float[] { 4, 5, 6 }.CopyTo(store[b]);
        using Plan<float> plan = Plan<float>.Compile(runtime, store, [a.Value + b.Value], [new Update(a, b), new Update(b, a.Value * 2.0)]);
        plan.Run();
        Assert.Equal([5f, 7, 9], plan.Output(0).ToArray());
        Assert.Equal([4f, 5, 6], store[a].ToArray());
        Assert.Equal([2f, 4, 6], store[b].ToArray());
    }

    [Theory]
    [InlineData("gelu")]
    [InlineData("silu")]
    [InlineData("logsigmoid")]
    [InlineData("erfc")]
    public void An_activation_is_one_loop_that_keeps_its_tail(string name)
    {
        Tensor x = Tensor.Input("x", [4001]);
        (Tensor y, double at, double tail) = name switch
        {
            "gelu" => (x.Gelu(), -8, -4.97676845941742828e-15),
            "silu" => (x.Silu(), -40, -1.69934170211664316e-16),
            "logsigmoid" => (x.LogSigmoid(), 40, -4.24835425529158900e-18),
            _ => (x.Erfc(), 8, 1.12242971729829271e-29),
        };
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [y]);
        Assert.Equal($"fused 4001: {name}", Assert.Single(plan.Instructions).Description);
        double[] values = [.. Enumerable.Range(-2000, 4001).Select(i => i * 0.004)];
        values[0] = at;
        values.CopyTo(plan.Input(x));
        plan.Run();
        Assert.Equal(tail, plan.Output(0)[0], 1e-14 * Math.Abs(tail));
        AssertClose(ReferenceEvaluator.Evaluate([y], new Dictionary<Tensor, double[]> { [x] = values })[0], plan.Output(0).ToArray(), 1e-12, name);
    }

    [Fact]
    public void An_optimizer_step_writes_in_place_in_one_instruction()
    {
        Variable parameter = new("w", [300]), moment = new("m", [300]);
        Tensor gradient = Tensor.Input("g", [300]);
        Tensor next = moment.Value * 0.9 + gradient * 0.1;
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [], [new Update(parameter, parameter.Value - next * 0.5), new Update(moment, next)]);
        Assert.Single(plan.Instructions);
        plan.Input(gradient).Fill(2);
        plan.Run();
        plan.Run();
        Assert.Equal(0.38, store[moment][7], 12);
        Assert.Equal(-0.5 * (0.2 + 0.38), store[parameter][299], 12);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        Variable w = new("w", [64, 32]), b = new("b", [32]);
        Tensor x = Tensor.Input("x", [50, 64]);
        Tensor loss = (x.MatMul(w) + b + Tensor.RandomNormal([50, 32], 1)).Tanh().Square().Sum(1).Mean();
        Tensor[] gradients = loss.Gradients(w, b);
        using Runtime runtime = new(2);
        using VariableStore<float> store = new();
        using Plan<float> plan = Plan<float>.Compile(runtime, store, [loss], [new Update(w, w.Value - gradients[0] * 0.1), new Update(b, b.Value - gradients[1] * 0.1)]);
        for (int i = 0; i < 50; i++) plan.Run(new RandomStream(1, (ulong)i));
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 50; i++) plan.Run(new RandomStream(1, (ulong)i));
        }));
    }

    [Fact]
    public void An_update_of_another_shape_is_refused()
    {
        Variable w = new("w", [2]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => Plan<float>.Compile(runtime, store, [], [new Update(w, Tensor.Full([3], 1))]));
        Assert.Contains("w [2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[3]", error.Message, StringComparison.Ordinal);
    }

    private static (double[][] Outputs, double[][] Variables) Run<T>(RandomGraph graph, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using Runtime runtime = new(threads);
        using VariableStore<T> store = new();
        foreach (Variable variable in graph.Variables) Fill(store[variable], graph.Values[variable.Value]);
        using Plan<T> plan = Plan<T>.Compile(runtime, store, graph.Outputs, graph.Updates);
        foreach (Tensor input in graph.Inputs)
            if (GraphOrder.Of([.. graph.Outputs, .. graph.Updates.Select(update => update.Value)]).Contains(input)) Fill(plan.Input(input), graph.Values[input]);
        plan.Run();
        double[][] outputs = [.. Enumerable.Range(0, graph.Outputs.Length).Select(i => Numbers(plan.Output(i)))];
        return (outputs, [.. graph.Variables.Select(variable => Numbers<T>(store[variable]))]);
    }

    private static void Fill<T>(Span<T> target, double[] values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++) target[i] = T.CreateChecked(values[i]);
    }

    private static double[] Numbers<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T> => Array.ConvertAll(values.ToArray(), double.CreateChecked);

    private static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{what} [{i}]: {actual[i]:R} should be {expected[i]:R}");
    }
}
