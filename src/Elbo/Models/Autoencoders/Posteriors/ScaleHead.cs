using System.Text.Json.Serialization;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Autoencoders;

/// <summary>How a linear output becomes a standard deviation.</summary>
[JsonConverter(typeof(NamedEnumConverter<ScaleHead>))]
public enum ScaleHead
{
    /// <summary>The output is ln σ²: Kingma and Welling 2013, appendix C.</summary>
    LogVariance,

    /// <summary>The output is ln σ: the code of Burda et al. 2016.</summary>
    LogScale,

    /// <summary>σ = softplus(output), which grows linearly.</summary>
    Softplus,
}
