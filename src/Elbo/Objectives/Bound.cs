using System.Text.Json.Serialization;
using Elbo.Distributions;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// What a latent-variable model with an encoder is trained to maximise: the fifth of its five choices. Whatever a bound trains, the terms
/// it reports are those of the true evidence lower bound, in nats.
/// </summary>
/// <remarks>A new objective from outside derives from this record and builds on what <see cref="BoundContext"/> gives.</remarks>
[JsonConverter(typeof(BoundConverter))]
public abstract record Bound
{
    /// <summary>Builds the objective and its reported parts for a batch.</summary>
    /// <exception cref="ElboException">The bound does not fit the model; the message says why and what to change.</exception>
    public abstract BoundTerms Build(BoundContext context);
}
