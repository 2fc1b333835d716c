using System.Text.Json.Serialization;
using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>The family of q(z|x), as data: the first of the five choices. It declares the heads that turn an encoder's features into a distribution.</summary>
[JsonConverter(typeof(PosteriorConverter))]
public abstract record Posterior
{
    /// <summary>Declares the heads.</summary>
    /// <param name="site">Where they stand.</param>
    /// <exception cref="ElboException">An option is out of its range.</exception>
    public abstract PosteriorHead Declare(PosteriorSite site);
}

/// <summary>Where a posterior's heads stand.</summary>
/// <param name="Name">The prefix of their parameters' names: <c>posterior</c>.</param>
/// <param name="Features">The width of the encoder's features.</param>
/// <param name="Latent">D, the number of latent dimensions.</param>
/// <param name="Weight">How their weights start; null for the layers' default.</param>
/// <param name="Bias">How their biases start; null for zeros.</param>
public sealed record PosteriorSite(string Name, int Features, int Latent, Initializer? Weight = null, Initializer? Bias = null)
{
    /// <summary>A linear layer on the features.</summary>
    /// <param name="part">The last part of its name.</param>
    /// <param name="outputs">Its width.</param>
    public Dense Linear(string part, int outputs) => new($"{Name}.{part}", Features, outputs, Weight, Bias);
}

/// <summary>A posterior's declared heads.</summary>
/// <param name="Parameters">What they learn.</param>
/// <param name="Infer">q(z|x), of shape <c>[B, D]</c>, from features <c>[B, F]</c>.</param>
public sealed record PosteriorHead(IReadOnlyList<Parameter> Parameters, Func<Tensor, LayerContext, Distribution> Infer)
{
    /// <summary>‖∂E[z]/∂features‖² (Frobenius) of each row, <c>[B]</c>, from features <c>[B, F]</c>, where a closed form is known; else null.</summary>
    public Func<Tensor, LayerContext, Tensor>? SquaredJacobian { get; init; }
}
