using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Tests.Models.Autoencoders;

public class DefinitionTests
{
    public static TheoryData<string> Presets => [.. AutoencoderPreset.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_survives_json_and_builds(string name)
    {
        AutoencoderDefinition complete = new AutoencoderDefinition { Preset = name }.Resolve();
        AutoencoderDefinition read = AutoencoderDefinition.Parse(complete.ToJson());
        Assert.Equal(complete.ToJson(), read.ToJson());
        Assert.Equal(complete.Posterior, read.Posterior);
        Assert.Equal(complete.Objective, read.Objective);
        Assert.Equal(complete.Likelihood, read.Likelihood);
        Autoencoder model = Autoencoder.Create(read with { Latent = 30 }, [1, 4, 4], new DataStatistics(10, new double[16]));
        Assert.Equal(30, model.LatentSize);
    }

    [Fact]
    public void What_is_not_given_comes_from_the_preset()
    {
        AutoencoderDefinition definition = AutoencoderDefinition.Parse("""{ "preset": "iwae", "latent": 7, "objective": { "kind": "importance-weighted", "samples": 50 } }""").Resolve();
        Assert.Equal(7, definition.Latent);
        Assert.Equal(new ImportanceWeightedBound(50), definition.Objective);
        Assert.Equal([200, 200], definition.Encoder!.Hidden);
        Assert.Equal(new DiagonalGaussianPosterior(ScaleHead.LogScale), definition.Posterior);
    }

    [Fact]
    public void A_decoder_that_is_not_given_is_the_encoder_backwards()
    {
        AutoencoderDefinition definition = AutoencoderDefinition.Parse("""{ "encoder": { "hidden": [30, 20, 10] } }""").Resolve();
        Assert.Equal([10, 20, 30], definition.Decoder!.Hidden);
    }

    [Fact]
    public void A_name_alone_stands_for_the_family_with_its_defaults()
    {
        AutoencoderDefinition definition = AutoencoderDefinition.Parse("""{ "posterior": "full-covariance-gaussian", "likelihood": "laplace", "regularizers": ["contractive"] }""");
        Assert.Equal(new FullCovarianceGaussianPosterior(), definition.Posterior);
        Assert.Equal(new LaplaceLikelihood(), definition.Likelihood);
        Assert.Equal([new ContractiveRegularizer()], definition.Regularizers);
    }

    [Theory]
    [InlineData("""{ "latnet": 3 }""", "latent")]
    [InlineData("""{ "posterior": "diagonal-gausian" }""", "diagonal-gaussian")]
    [InlineData("""{ "likelihood": { "kind": "gaussian", "varience": "fixed" } }""", "variance")]
    [InlineData("""{ "likelihood": { "variance": "fixed" } }""", "kind")]
    [InlineData("""{ "objective": { "kind": "elbo", "samples": "two" } }""", "whole number")]
    [InlineData("""{ "prior": 3 }""", "standard-normal")]
    public void A_slip_is_refused_with_what_was_meant(string json, string expected)
    {
        ElboException error = Assert.Throws<ElboException>(() => AutoencoderDefinition.Parse(json, "recipe.json"));
        Assert.Contains("recipe.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_from_outside_has_no_name_in_json()
    {
        ElboException error = Assert.Throws<ElboException>(() => new AutoencoderDefinition { Posterior = new Foreign() }.ToJson());
        Assert.Contains("Foreign", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_of_the_deep_autoencoder_is_the_published_one()
    {
        Autoencoder model = Autoencoder.Create(new AutoencoderDefinition { Preset = "autoencoder" }, [784]);
        Assert.Equal(
            ["[784, 1000]", "[1000, 500]", "[500, 250]", "[250, 30]", "[30, 250]", "[250, 500]", "[500, 1000]", "[1000, 784]"],
            model.Parameters.Where(parameter => parameter.Name.EndsWith("weight", StringComparison.Ordinal)).Select(parameter => parameter.Shape.ToString()));
    }

    private sealed record Foreign : Posterior
    {
        public override PosteriorHead Declare(PosteriorSite site) => throw new NotSupportedException();
    }
}
