namespace Elbo.Numerics.Tests;

public class EpilogueFusionTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Activations = new()
    {
        ["none"] = x => x,
        ["relu"] = x => x.Relu(),
        ["tanh"] = x => x.Tanh(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["softplus"] = x => x.Softplus(),
        ["exp"] = x => x.Exp(),
    };

    public static TheoryData<string> Names => [.. Activations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_is_one_instruction_with_the_bytes_of_separate_passes(string name)
    {
        Tensor x = Tensor.Input("x", [33, 20]), images = Tensor.Input("images", [3, 4, 9, 9]);
        Variable w = new("w", [20, 41]), b = new("b", [41]), f = new("f", [17, 4, 3, 3]), c = new("c", [1, 17, 1, 1]);
        Check(x, x.MatMul(w), b, Activations[name], w, b);
        Check(images, images.Convolve(f, 2, 1), c, Activations[name], f, c);
    }

    [Fact]
    public void A_layer_of_a_batch_of_products_is_one_instruction_too()
    {
        Tensor x = Tensor.Input("x", [3, 7, 20]);
        Variable w = new("w", [3, 20, 41]), b = new("b", [41]);
        Check(x, x.MatMul(w), b, y => y.Tanh(), w, b);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    public void The_way_back_through_an_activation_is_part_of_the_product_with_the_same_bytes(string name)
    {
        Tensor x = Tensor.Input("x", [33, 20]), images = Tensor.Input("images", [3, 4, 9, 9]);
        Variable w = new("w", [20, 41]), v = new("v", [41, 9]), f = new("f", [17, 4, 3, 3]), g = new("g", [5, 17, 3, 3]);
        CheckWayBack(x, Activations[name](x.MatMul(w)), h => h.MatMul(v), w, v);
        CheckWayBack(images, Activations[name](images.Convolve(f, 2, 1)), h => h.Convolve(g, 1, 1), f, g);
    }

    [Fact]
    public void A_product_that_something_else_reads_keeps_its_own_memory()
    {
        Tensor x = Tensor.Input("x", [4, 3]);
        Variable w = new("w", [3, 5]), b = new("b", [5]);
        Tensor product = x.MatMul(w);
        Assert.DoesNotContain(Descriptions([(product + b).Relu(), product.Sum()]), text => text.Contains("bias", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bias_that_waits_for_the_rest_of_the_chains_group_is_added_there()
    {
        // The row of five holds the bias and what reads the sum in one group: the product must not wait for its own reader.
        Tensor x = Tensor.Input("x", [1, 3]);
        Variable w = new("w", [3, 5]), b = new("b", [1, 5]);
        Tensor bias = b.Value.Exp(), product = x.MatMul(w), y = (product + bias).Relu();
        AssertSameBytes([y, bias * y], [product], x, [w, b]);
    }

    [Fact]
    public void An_update_of_the_bias_by_its_own_layer_reads_the_old_bias()
    {
        Tensor x = Tensor.Full([1, 2], 1);
        Variable w = new("w", [2, 3]), b = new("b", [1, 3]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        new float[] { 1, 2, 3, 4, 5, 6 }.CopyTo(store[w]);
        new float[] { 10, 20, 30 }.CopyTo(store[b]);
        using Plan<float> plan = Plan<float>.Compile(runtime, store, [], [new Update(b, x.MatMul(w) + b)]);
        plan.Run();
        Assert.Equal([15f, 27, 39], store[b].ToArray());
    }

    private static void Check(Tensor input, Tensor product, Tensor bias, Func<Tensor, Tensor> activation, params Variable[] variables)
    {
        Tensor y = activation(product + bias);
        Assert.Single(Descriptions([y]), text => text.Contains("bias", StringComparison.Ordinal));
        AssertSameBytes([y], [product], input, variables);
        // What else reads the activation finds it in memory.
        AssertSameBytes([y, y.Square().Sum(), y * 2.0 + 1.0], [product], input, variables);
    }

    private static void CheckWayBack(Tensor input, Tensor activation, Func<Tensor, Tensor> next, params Variable[] variables)
    {
        Tensor loss = next(activation).Square().Sum();
        Tensor[] gradients = loss.Gradients([.. variables.Select(variable => variable.Value)]);
        Assert.Contains(Descriptions([loss, .. gradients]), text => text.Contains('′', StringComparison.Ordinal));
        Tensor arriving = loss.Gradients(activation)[0];
        AssertSameBytes([loss, .. gradients], [arriving], input, variables);
    }

    /// <summary>An output has memory of its own, so asking for the product itself is what keeps the passes separate.</summary>
    private static void AssertSameBytes(Tensor[] outputs, Tensor[] kept, Tensor input, Variable[] variables)
    {
        foreach (int threads in (int[])[1, 2])
        {
            float[][] fused = Values(outputs), separate = Values([.. outputs, .. kept]);
            for (int i = 0; i < outputs.Length; i++) Assert.Equal(separate[i], fused[i]);

            float[][] Values(Tensor[] tensors)
            {
                using Runtime runtime = new(threads);
                using VariableStore<float> store = new();
                Random random = new(5);
                foreach (Variable variable in variables) Fill(store[variable], random);
                using Plan<float> plan = Plan<float>.Compile(runtime, store, tensors);
                Fill(plan.Input(input), random);
                plan.Run();
                return [.. Enumerable.Range(0, tensors.Length).Select(i => plan.Output(i).ToArray())];
            }
        }
    }

    private static void Fill(Span<float> values, Random random)
    {
        foreach (ref float value in values) value = random.NextSingle() - 0.5f;
    }

    private static string[] Descriptions(Tensor[] outputs)
    {
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        using Plan<float> plan = Plan<float>.Compile(runtime, store, outputs);
        return [.. plan.Instructions.Select(instruction => instruction.Description)];
    }
}
