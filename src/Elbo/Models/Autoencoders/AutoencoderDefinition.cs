using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Storage;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// An autoencoder as data: encoder → posterior, prior, decoder → likelihood, and the objective over all. What is not given comes from the
/// preset, and the default preset is the variational autoencoder.
/// </summary>
public sealed record AutoencoderDefinition
{
    /// <summary>The preset that fills what is not given; see <see cref="AutoencoderPreset.All"/>. Null for <c>vae</c>.</summary>
    public string? Preset { get; init; }

    /// <summary>D, the number of latent dimensions, at least 1.</summary>
    public int? Latent { get; init; }

    /// <summary>The network from rows to features.</summary>
    public NetworkDefinition? Encoder { get; init; }

    /// <summary>The network from codes to rows; null for the encoder backwards, where the encoder is given.</summary>
    public NetworkDefinition? Decoder { get; init; }

    /// <summary>The family of q(z|x).</summary>
    public Posterior? Posterior { get; init; }

    /// <summary>The family of p(z).</summary>
    public Prior? Prior { get; init; }

    /// <summary>The family of p(x|z).</summary>
    public Likelihood? Likelihood { get; init; }

    /// <summary>What is maximised.</summary>
    public Bound? Objective { get; init; }

    /// <summary>Penalties beside the objective.</summary>
    public IReadOnlyList<Regularizer>? Regularizers { get; init; }

    /// <summary>Whether the decoder's output starts at the data's mean: for Bernoulli its logit, as in Burda et al. 2016.</summary>
    public bool? OutputAtDataMean { get; init; }

    /// <summary>The definition with nothing left open.</summary>
    /// <exception cref="ElboException">The preset is unknown; the message names the nearest.</exception>
    public AutoencoderDefinition Resolve()
    {
        string name = Preset ?? "vae";
        AutoencoderDefinition preset = AutoencoderPreset.Find(name).Definition;
        NetworkDefinition encoder = Encoder ?? preset.Encoder!;
        return new AutoencoderDefinition
        {
            Preset = name,
            Latent = Latent ?? preset.Latent,
            Encoder = encoder,
            Decoder = Decoder ?? (Encoder is null ? preset.Decoder : null) ?? encoder.Mirrored(),
            Posterior = Posterior ?? preset.Posterior,
            Prior = Prior ?? preset.Prior,
            Likelihood = Likelihood ?? preset.Likelihood,
            Objective = Objective ?? preset.Objective,
            Regularizers = Regularizers ?? preset.Regularizers,
            OutputAtDataMean = OutputAtDataMean ?? preset.OutputAtDataMean,
        };
    }

    /// <summary>Reads a definition from JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What to call it in messages: a file's path.</param>
    /// <exception cref="ElboException">The text is not JSON, or has an unknown key or a value of the wrong kind.</exception>
    public static AutoencoderDefinition Parse(string json, string name = "model") => StrictJson.Parse(json, AutoencoderJson.Default.AutoencoderDefinition, name);

    /// <summary>Writes the definition as JSON.</summary>
    /// <exception cref="ElboException">A choice comes from outside and has no name in JSON.</exception>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, AutoencoderJson.Default.AutoencoderDefinition);
}
