using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>A fully connected layer: <c>y = x·W + b</c>, from <c>[B, inputs]</c> to <c>[B, outputs]</c>.</summary>
public sealed class Dense : Layer
{
    private readonly string _name;

    /// <summary>Declares the layer and its parameters <c>name.weight [inputs, outputs]</c> and <c>name.bias [outputs]</c>.</summary>
    /// <param name="name">The prefix of the parameters' names: <c>encoder.0</c>.</param>
    /// <param name="inputs">The width of the input, at least 1.</param>
    /// <param name="outputs">The width of the output, at least 1.</param>
    /// <param name="weight">How the weights start; Glorot uniform by default.</param>
    /// <param name="bias">How the biases start; zeros by default.</param>
    /// <param name="useBias">Whether there are biases; a normalisation that follows makes them idle.</param>
    public Dense(string name, int inputs, int outputs, Initializer? weight = null, Initializer? bias = null, bool useBias = true)
    {
        _name = name;
        Weight = new Parameter($"{name}.weight", [inputs, outputs], weight ?? Initializer.GlorotUniform);
        Bias = useBias ? new Parameter($"{name}.bias", [outputs], bias ?? Initializer.Zeros) { FanIn = inputs, FanOut = outputs } : null;
        OutputShape = [outputs];
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The weights <c>[inputs, outputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The biases <c>[outputs]</c>, or null without them.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        Tensor product = x.MatMul(Weight);
        return context.Watch(_name, Bias is null ? product : product + Bias);
    }
}
