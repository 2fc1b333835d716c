using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>Turns a <see cref="NetworkDefinition"/> into layers.</summary>
internal sealed class NetworkBuilder
{
    private readonly NetworkDefinition _definition;
    private readonly string _name;
    private readonly List<Layer> _layers = [];
    private readonly Shape _input;
    private Shape _shape;
    private int _index;

    private NetworkBuilder(NetworkDefinition definition, string name, Shape inputShape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(inputShape);
        NetworkValidation.Check(definition, name);
        _definition = definition;
        _name = name;
        _input = _shape = inputShape;
    }

    public static Sequential Encoder(NetworkDefinition definition, string name, Shape inputShape)
    {
        NetworkBuilder builder = new(definition, name, inputShape);
        builder.Body();
        return new Sequential(inputShape, builder._layers);
    }

    public static Sequential Whole(NetworkDefinition definition, string name, Shape inputShape, int outputs)
    {
        NetworkBuilder builder = new(definition, name, inputShape);
        builder.Body();
        builder.Add(builder.Linear("", builder._shape[0], outputs, true, null));
        return new Sequential(inputShape, builder._layers);
    }

    public static Sequential Decoder(NetworkDefinition definition, string name, int inputs, Shape outputShape, int parametersPerElement, IReadOnlyList<double>? outputBias)
    {
        ArgumentNullException.ThrowIfNull(outputShape);
        ArgumentOutOfRangeException.ThrowIfLessThan(parametersPerElement, 1);
        Shape result = Shape.Create([outputShape[0] * parametersPerElement, .. outputShape.Skip(1)]);
        if (outputBias is not null && outputBias.Count != result.ElementCount)
            throw new ArgumentException($"The output {result} has {result.ElementCount} elements, but {outputBias.Count} biases were given.", nameof(outputBias));
        NetworkBuilder builder = new(definition, name, [inputs]);
        foreach (int width in definition.Hidden ?? []) builder.Block((part, linear) => builder.Linear(part, builder._shape[0], width, linear, null));
        if (definition.Convolutions is { Count: > 0 } convolutions)
        {
            builder.Transposed(convolutions, outputShape, parametersPerElement, outputBias);
        }
        else
        {
            Initializer? bias = outputBias is null ? null : Initializer.Values(outputBias);
            builder.Add(builder.Linear("", builder._shape[0], result.ElementCount, true, bias));
        }

        if (!builder._shape.Equals(result)) builder.Add(new Reshape(result));
        return new Sequential([inputs], builder._layers);
    }

    private void Body()
    {
        if (_definition.Convolutions is { Count: > 0 } convolutions)
        {
            Shape image = NetworkValidation.Image(_input, _name);
            if (!image.Equals(_shape)) Add(new Reshape(image));
            foreach (ConvolutionDefinition convolution in convolutions)
            {
                NetworkValidation.Forward(_shape, convolution, _name);
                Block((part, useBias) => new Convolution(Name(part), _shape, convolution.Channels, convolution.Kernel, convolution.Stride, convolution.Padding,
                    _definition.Initializer, _definition.BiasInitializer, useBias));
            }
        }

        if (_shape.Rank != 1) Add(new Flatten(_shape));
        foreach (int width in _definition.Hidden ?? []) Block((part, useBias) => Linear(part, _shape[0], width, useBias, null));
    }

    private void Transposed(IReadOnlyList<ConvolutionDefinition> convolutions, Shape outputShape, int parametersPerElement, IReadOnlyList<double>? outputBias)
    {
        // The sizes of the feature maps, found by walking from the image inwards as the mirrored encoder would.
        Shape image = NetworkValidation.Image(outputShape, _name);
        Shape[] maps = new Shape[convolutions.Count + 1];
        maps[^1] = [image[0] * parametersPerElement, image[1], image[2]];
        for (int i = convolutions.Count - 1; i >= 0; i--) maps[i] = NetworkValidation.Forward(maps[i + 1], convolutions[i], _name);

        Block((part, useBias) => Linear(part, _shape[0], maps[0].ElementCount, useBias, null));
        Add(new Reshape(maps[0]));
        for (int i = 0; i < convolutions.Count; i++)
        {
            ConvolutionDefinition convolution = convolutions[i];
            Shape target = maps[i + 1];
            bool last = i == convolutions.Count - 1;
            Initializer? bias = last && outputBias is not null ? ChannelMeans(outputBias, target) : _definition.BiasInitializer;
            Layer Make(string part, bool useBias) => new TransposedConvolution(Name(part), _shape, target[0], convolution.Kernel, convolution.Stride, convolution.Padding,
                target[1], target[2], _definition.Initializer, bias, useBias);
            if (last) Add(Make("", true));
            else Block(Make);
        }
    }

    /// <summary>linear → normalisation → activation → dropout, gated or with a way around where asked for.</summary>
    private void Block(Func<string, bool, Layer> linear)
    {
        Shape before = _shape;
        bool normalize = _definition.Normalization != NormalizationKind.None;
        List<Layer> layers = [linear("", !normalize)];
        Shape after = layers[0].OutputShape;
        if (_definition.Normalization == NormalizationKind.Batch) layers.Add(new BatchNormalization(Name("normalization"), after));
        else if (_definition.Normalization == NormalizationKind.Layer) layers.Add(new LayerNormalization(Name("normalization"), after));
        if (_definition.Activation != ActivationKind.Identity) layers.Add(new Activation(_definition.Activation, after));
        if (_definition.Gated) layers = [new Gated(new Sequential(before, layers), linear("gate", true))];
        if (_definition.Dropout > 0) layers.Add(new Dropout(_definition.Dropout, after));
        if (_definition.Residual && before.Equals(after)) layers = [new Residual(new Sequential(before, layers))];
        _layers.AddRange(layers);
        _shape = after;
        _index++;
    }

    private void Add(Layer layer)
    {
        _layers.Add(layer);
        _shape = layer.OutputShape;
    }

    private string Name(string part) => part.Length == 0 ? $"{_name}.{_index}" : $"{_name}.{_index}.{part}";

    private Dense Linear(string part, int inputs, int outputs, bool useBias, Initializer? bias) =>
        new(Name(part), inputs, outputs, _definition.Initializer, bias ?? _definition.BiasInitializer, useBias);

    private static Initializer ChannelMeans(IReadOnlyList<double> values, Shape image)
    {
        double[] means = new double[image[0]];
        int plane = image[1] * image[2];
        for (int i = 0; i < values.Count; i++) means[i / plane] += values[i] / plane;
        return Initializer.Values(means);
    }
}
