using System.Text.Json.Serialization;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>A penalty that is subtracted from what an autoencoder is trained to maximise. It never enters the reported bound.</summary>
[JsonConverter(typeof(RegularizerConverter))]
public abstract record Regularizer
{
    /// <summary>The name under which its value is reported.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The penalty: a scalar, in the unit of the objective's mean over rows, its weight included.</summary>
    /// <exception cref="ElboException">It does not fit the model; the message says why and what to change.</exception>
    public abstract Tensor Penalty(RegularizerContext context);

    /// <summary>Throws unless a weight is a finite number of at least 0.</summary>
    private protected void CheckWeight(double weight)
    {
        if (!(weight >= 0 && double.IsFinite(weight)))
            throw new ElboException($"The weight of the {Name} penalty must be a number of at least 0, but it is {weight}.");
    }
}

/// <summary>What a regularizer is built from.</summary>
/// <param name="Input">The encoder's input, <c>[B, ...row]</c>.</param>
/// <param name="Code">The posterior mean, or the deterministic code, <c>[B, D]</c>.</param>
/// <param name="Posterior">The family of the posterior.</param>
/// <param name="SquaredJacobian">‖∂code/∂input‖² of each row, <c>[B]</c>, where a closed form is known; else null.</param>
/// <param name="Parameters">Everything the model learns or keeps.</param>
/// <param name="TrainingRows">The number of training rows; null where it is not known.</param>
/// <param name="Layers">The source of fresh random keys.</param>
public sealed record RegularizerContext(
    Tensor Input,
    Tensor Code,
    Posterior Posterior,
    Func<Tensor>? SquaredJacobian,
    IReadOnlyList<Parameter> Parameters,
    long? TrainingRows,
    LayerContext Layers);
