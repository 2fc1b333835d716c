using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Networks;

public class DenseTests
{
    [Fact]
    public void Output_is_x_times_W_plus_b()
    {
        Dense dense = new("encoder.0", 2, 3, Initializer.Values(1, 2, 3, 4, 5, 6), Initializer.Values(10, 20, 30));
        Assert.Equal(["encoder.0.weight", "encoder.0.bias"], dense.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([10 + 2 - 4, 20 + 4 - 5, 30 + 6 - 6], LayerRunner.Run(dense, [1, 2], [2, -1]));
    }

    [Fact]
    public void Layers_chain_in_order()
    {
        Sequential chain = new([1], new Dense("a", 1, 2, Initializer.Values(1, -1)), new Activation(ActivationKind.Relu, [2]), new Dense("b", 2, 1, Initializer.Values(5, 7)));
        Assert.Equal([1], chain.OutputShape);
        Assert.Equal(4, chain.Parameters.Count);
        Assert.Equal([15, 14], LayerRunner.Run(chain, [2, 1], [3, -2]));
    }

    [Theory]
    [InlineData(ActivationKind.Identity, -1.5)]
    [InlineData(ActivationKind.Tanh, -0.905148253644866)]
    [InlineData(ActivationKind.Relu, 0)]
    [InlineData(ActivationKind.Gelu, -0.100210801903287)]
    [InlineData(ActivationKind.Silu, -0.273638285709534)]
    [InlineData(ActivationKind.Softplus, 0.201413277982753)]
    [InlineData(ActivationKind.Sigmoid, 0.182425523806356)]
    [InlineData(ActivationKind.LeakyRelu, -0.015)]
    [InlineData(ActivationKind.Elu, -0.77686983985157)]
    public void Activations_have_their_values(ActivationKind kind, double atMinusOneAndAHalf) =>
        Assert.Equal(atMinusOneAndAHalf, LayerRunner.Run(new Activation(kind, [1]), [1, 1], [-1.5])[0], 1e-12);
}
