using System.Text.Json.Serialization;
using Elbo.Storage;

namespace Elbo.Models.Autoencoders;

/// <summary>Where the scale of a continuous likelihood comes from.</summary>
[JsonConverter(typeof(NamedEnumConverter<VarianceKind>))]
public enum VarianceKind
{
    /// <summary>A given number for all elements.</summary>
    Fixed,

    /// <summary>One learned number for all elements: σ-VAE, Rybkin et al. 2021.</summary>
    Learned,

    /// <summary>One learned number for each element of a row.</summary>
    LearnedPerElement,

    /// <summary>A second output of the decoder for each element: Kingma and Welling 2013, eq. 12.</summary>
    Predicted,
}
