using System.Text.Json;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Networks;

public class NetworkDefinitionTests
{
    [Theory]
    [InlineData(28, 28)]
    [InlineData(7, 5)]
    [InlineData(13, 32)]
    [InlineData(9, 9)]
    [InlineData(1, 3)]
    public void A_convolutional_autoencoder_returns_to_any_size(int height, int width)
    {
        foreach (ConvolutionDefinition shape in new ConvolutionDefinition[] { new(3), new(3, 3, 2), new(3, 3, 1), new(3, 5, 3), new(3, 3, 2, 2) })
        {
            NetworkDefinition definition = new([6], [shape with { Channels = 2 }, shape]);
            Sequential encoder;
            try
            {
                encoder = definition.BuildEncoder("e", [2, height, width]);
            }
            catch (ElboException refused) when (refused.Message.Contains("larger than the padded maps", StringComparison.Ordinal))
            {
                continue; // a 4×4 filter on a map of one row: the refusal is the right answer
            }

            Assert.Equal([6], encoder.OutputShape);
            Sequential decoder = definition.Mirrored().BuildDecoder("d", 4, [2, height, width], 2);
            Assert.Equal([4, height, width], decoder.OutputShape);
            Assert.Equal(4 * height * width, LayerRunner.Run(decoder, [1, 4], [1, 2, 3, 4]).Length);
        }
    }

    [Fact]
    public void Widths_and_names_follow_the_order_of_application()
    {
        Sequential encoder = new NetworkDefinition([5, 3]).BuildEncoder("encoder", [2, 2]);
        Assert.Equal(["encoder.0.weight [4, 5]", "encoder.0.bias [5]", "encoder.1.weight [5, 3]", "encoder.1.bias [3]"], encoder.Parameters.Select(parameter => parameter.ToString()));
        Sequential decoder = new NetworkDefinition([5, 3]).Mirrored().BuildDecoder("decoder", 1, [2, 2]);
        Assert.Equal(["decoder.0.weight [1, 3]", "decoder.1.weight [3, 5]", "decoder.2.weight [5, 4]"], decoder.Parameters.Select(parameter => parameter.ToString()).Where(name => name.Contains("weight", StringComparison.Ordinal)));
        Assert.Equal([2, 2], decoder.OutputShape);
    }

    [Fact]
    public void A_network_without_layers_is_linear()
    {
        Sequential decoder = new NetworkDefinition(Initializer: Initializer.Ones).BuildDecoder("d", 2, [3], outputBias: [1, 2, 3]);
        Assert.Equal([4, 5, 6], LayerRunner.Run(decoder, [1, 2], [1, 2]));
        Assert.Empty(new NetworkDefinition().BuildEncoder("e", [3]).Layers);
    }

    [Fact]
    public void The_output_bias_of_a_convolution_is_the_mean_of_its_channel()
    {
        Sequential decoder = new NetworkDefinition(Convolutions: [new(1, 3, 1)], Initializer: Initializer.Zeros).BuildDecoder("d", 1, [2, 1, 2], outputBias: [1, 3, 10, 20]);
        Assert.Equal([2, 2, 15, 15], LayerRunner.Run(decoder, [1, 1], [9]));
    }

    [Fact]
    public void Every_option_takes_part()
    {
        NetworkDefinition definition = new([4, 4], null, ActivationKind.Tanh, NormalizationKind.Layer, 0.5, true, true);
        Sequential network = definition.Build("n", [4], 2);
        Assert.Equal([2], network.OutputShape);
        string[] names = [.. network.Parameters.Select(parameter => parameter.Name)];
        Assert.Contains("n.0.gate.weight", names);
        Assert.Contains("n.1.normalization.scale", names);
        Assert.DoesNotContain("n.0.bias", names);
        Assert.Equal(2, network.Layers.OfType<Residual>().Count());
    }

    [Fact]
    public void Json_reads_back_to_the_same_network()
    {
        NetworkDefinition definition = new([500, 20], [new(32, 3, 1, 0)], ActivationKind.LeakyRelu, NormalizationKind.Batch, 0.1, true, false, Initializer.Normal(0.01), Initializer.Zeros);
        string json = JsonSerializer.Serialize(definition, NetworkJson.Default.NetworkDefinition);
        NetworkDefinition read = StrictJson.Parse(json, NetworkJson.Default.NetworkDefinition, "model.json");
        Assert.Equal(json, JsonSerializer.Serialize(read, NetworkJson.Default.NetworkDefinition));
        Assert.Equal([500, 20], read.Hidden!);
        Assert.Equal(definition.Convolutions![0], read.Convolutions![0]);
        Assert.Equal(definition with { Hidden = null, Convolutions = null }, read with { Hidden = null, Convolutions = null });
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        NetworkDefinition read = StrictJson.Parse("{ \"convolutions\": [ { \"channels\": 8 } ], /* a note */ }", NetworkJson.Default.NetworkDefinition, "r.json");
        Assert.Equal(new ConvolutionDefinition(8, 4, 2, null), Assert.Single(read.Convolutions!));
        Assert.Equal(new NetworkDefinition(), read with { Convolutions = null });
    }

    [Theory]
    [InlineData("{ \"hiden\": [3] }", "'r.json': the key 'hiden' is unknown; did you mean 'hidden'?")]
    [InlineData("{ \"convolutions\": [ { \"channels\": 8, \"kernal\": 3 } ] }", "'r.json': the key 'convolutions[0].kernal' is unknown; did you mean 'kernel'?")]
    [InlineData("{ \"hidden\": [3, 2.5] }", "'r.json': 'hidden[1]' is 2.5, and a whole number was expected.")]
    [InlineData("{ \"hidden\": 3 }", "'r.json': 'hidden' is 3, and a list [ … ] was expected.")]
    [InlineData("{ \"activation\": \"rleu\" }", "'r.json': 'activation': 'rleu' is not known; did you mean 'relu'?")]
    [InlineData("{ \"initializer\": \"glorot\" }", "'r.json': 'initializer': 'glorot' is not an initializer; did you mean 'glorot-uniform'?")]
    [InlineData("{ \"initializer\": \"zebra\" }", "'r.json': 'initializer': 'zebra' is not an initializer; use one of constant, glorot-normal, glorot-uniform, he-normal, he-uniform, kaiming-uniform, lecun-normal, lecun-uniform, normal, ones, uniform, zeros.")]
    [InlineData("{ \"dropout\": \"much\" }", "'r.json': 'dropout' is \"much\", and a number was expected.")]
    [InlineData("[]", "'r.json' holds [], and an object { … } was expected.")]
    [InlineData("{ \"gated\": true, \"gated\": false }", "'r.json' is not valid JSON: Duplicate property 'gated' encountered during deserialization; correct it there.")]
    public void Json_that_does_not_fit_is_refused_with_its_path(string json, string message) =>
        Assert.Equal(message, Assert.Throws<ElboException>(() => StrictJson.Parse(json, NetworkJson.Default.NetworkDefinition, "r.json")).Message);

    [Fact]
    public void Json_that_is_no_json_is_refused_with_its_line() =>
        Assert.Contains("(line 2)", Assert.Throws<ElboException>(() => StrictJson.Parse("{\n oops", NetworkJson.Default.NetworkDefinition, "r.json")).Message);

    [Fact]
    public void Networks_that_cannot_be_built_are_refused()
    {
        Assert.Contains("width 0", Assert.Throws<ElboException>(() => new NetworkDefinition([0]).BuildEncoder("e", [3])).Message);
        Assert.Contains("need images [C, H, W]", Assert.Throws<ElboException>(() => new NetworkDefinition(Convolutions: [new(2)]).BuildEncoder("e", [784])).Message);
        Assert.Contains("larger than the padded maps", Assert.Throws<ElboException>(() => new NetworkDefinition(Convolutions: [new(2), new(2), new(2)]).BuildEncoder("e", [1, 4, 4])).Message);
        Assert.Contains("dropout rate of 1", Assert.Throws<ElboException>(() => new NetworkDefinition([2], Dropout: 1).BuildEncoder("e", [3])).Message);
    }
}
