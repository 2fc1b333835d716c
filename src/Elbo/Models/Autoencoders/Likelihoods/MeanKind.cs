using System.Text.Json.Serialization;
using Elbo.Storage;

namespace Elbo.Models.Autoencoders;

/// <summary>How a decoder's output becomes the mean of a continuous likelihood.</summary>
[JsonConverter(typeof(NamedEnumConverter<MeanKind>))]
public enum MeanKind
{
    /// <summary>As it is.</summary>
    Identity,

    /// <summary>Through a sigmoid, for values in [0, 1]: Kingma and Welling 2013 for the Frey faces.</summary>
    Sigmoid,
}
