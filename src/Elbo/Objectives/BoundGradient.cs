using System.Text.Json.Serialization;
using Elbo.Storage;

namespace Elbo.Objectives;

/// <summary>How the gradient of the importance-weighted bound reaches the encoder; the decoder's is the same in each.</summary>
[JsonConverter(typeof(NamedEnumConverter<BoundGradient>))]
public enum BoundGradient
{
    /// <summary>Σₖ w̃ₖ ∇ln wₖ: Burda et al. 2016, eq. 14. Its signal-to-noise ratio falls as K rises.</summary>
    Reparameterized,

    /// <summary>DReG, Σₖ w̃ₖ²·(∂ln wₖ/∂zₖ)·(∂zₖ/∂φ): Tucker et al. 2019 (arXiv 1810.04152), eq. 8. With one sample it is sticking the landing (Roeder et al. 2017).</summary>
    DoublyReparameterized,
}
