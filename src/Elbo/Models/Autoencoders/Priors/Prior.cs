using System.Text.Json.Serialization;
using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>The family of p(z), as data: the second of the five choices.</summary>
[JsonConverter(typeof(PriorConverter))]
public abstract record Prior
{
    /// <summary>Declares the prior's parameters.</summary>
    /// <param name="site">What it belongs to.</param>
    /// <exception cref="ElboException">An option is out of its range.</exception>
    public abstract PriorHead Declare(PriorSite site);
}

/// <summary>What a prior belongs to.</summary>
/// <param name="Name">The prefix of its parameters' names: <c>prior</c>.</param>
/// <param name="Latent">D, the number of latent dimensions.</param>
/// <param name="RowShape">The shape of one row of data, for priors with pseudo-data.</param>
public sealed record PriorSite(string Name, int Latent, Shape RowShape);

/// <summary>A declared prior.</summary>
/// <param name="Parameters">What it learns.</param>
/// <param name="Build">p(z), of shape <c>[D]</c>. Given are the graph's context, and the model's encoder, for priors made of posteriors.</param>
public sealed record PriorHead(IReadOnlyList<Parameter> Parameters, Func<LayerContext, Func<Tensor, Distribution>, Distribution> Build);
