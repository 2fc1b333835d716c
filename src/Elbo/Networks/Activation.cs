using System.Text.Json.Serialization;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Networks;

/// <summary>The element-wise functions between layers; their names in recipes are lower-case with hyphens: <c>leaky-relu</c>.</summary>
[JsonConverter(typeof(NamedEnumConverter<ActivationKind>))]
public enum ActivationKind
{
    /// <summary>x.</summary>
    Identity,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x·Φ(x), exact: Hendrycks and Gimpel 2016.</summary>
    Gelu,

    /// <summary>x·sigmoid(x): Elfwing et al. 2018; also called swish.</summary>
    Silu,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>max(x, 0.01·x): Maas et al. 2013.</summary>
    LeakyRelu,

    /// <summary>x for x &gt; 0, else eˣ − 1: Clevert et al. 2016.</summary>
    Elu,
}

/// <summary>An element-wise function as a layer.</summary>
public sealed class Activation : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="kind">The function.</param>
    /// <param name="shape">The shape of one row.</param>
    public Activation(ActivationKind kind, Shape shape)
    {
        Kind = kind;
        OutputShape = shape;
    }

    /// <summary>The function.</summary>
    public ActivationKind Kind { get; }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context) => Apply(Kind, x);

    /// <summary>Applies a function to every element.</summary>
    /// <param name="kind">The function.</param>
    /// <param name="x">A tensor of any shape.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is no member of the enumeration.</exception>
    public static Tensor Apply(ActivationKind kind, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return kind switch
        {
            ActivationKind.Identity => x,
            ActivationKind.Tanh => x.Tanh(),
            ActivationKind.Relu => x.Relu(),
            ActivationKind.Gelu => x.Gelu(),
            ActivationKind.Silu => x.Silu(),
            ActivationKind.Softplus => x.Softplus(),
            ActivationKind.Sigmoid => x.Sigmoid(),
            ActivationKind.LeakyRelu => x.LeakyRelu(),
            ActivationKind.Elu => x.Elu(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation."),
        };
    }
}
