using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>Which fan the variance is divided by.</summary>
internal enum FanMode
{
    /// <summary>fanIn, which keeps the variance of activations.</summary>
    In,

    /// <summary>(fanIn + fanOut)/2, a compromise between activations and gradients.</summary>
    Average,
}

internal sealed record ConstantInitializer(double Value) : Initializer
{
    public override void Fill(Span<double> values, Parameter parameter, RandomStream stream) => values.Fill(Value);
}

internal sealed record NormalInitializer : Initializer
{
    public NormalInitializer(double standardDeviation)
    {
        if (!(standardDeviation >= 0) || double.IsInfinity(standardDeviation))
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, "The standard deviation must be a number of at least 0.");
        StandardDeviation = standardDeviation;
    }

    public double StandardDeviation { get; }

    public override void Fill(Span<double> values, Parameter parameter, RandomStream stream)
    {
        stream.FillNormal(values);
        foreach (ref double value in values) value *= StandardDeviation;
    }
}

internal sealed record UniformInitializer : Initializer
{
    public UniformInitializer(double bound)
    {
        if (!(bound >= 0) || double.IsInfinity(bound)) throw new ArgumentOutOfRangeException(nameof(bound), bound, "The bound must be a number of at least 0.");
        Bound = bound;
    }

    public double Bound { get; }

    public override void Fill(Span<double> values, Parameter parameter, RandomStream stream)
    {
        stream.FillUniform(values);
        foreach (ref double value in values) value = (2 * value - 1) * Bound;
    }
}

/// <summary>Uniform with variance <c>scale/fan</c>: the bound is √3 standard deviations.</summary>
internal sealed record ScaledUniformInitializer(FanMode Mode, double Scale) : Initializer
{
    public override void Fill(Span<double> values, Parameter parameter, RandomStream stream) =>
        new UniformInitializer(Math.Sqrt(3) * ScaledNormalInitializer.StandardDeviation(Mode, Scale, parameter)).Fill(values, parameter, stream);
}

/// <summary>Normal with variance <c>scale/fan</c>.</summary>
internal sealed record ScaledNormalInitializer(FanMode Mode, double Scale) : Initializer
{
    public override void Fill(Span<double> values, Parameter parameter, RandomStream stream) =>
        new NormalInitializer(StandardDeviation(Mode, Scale, parameter)).Fill(values, parameter, stream);

    public static double StandardDeviation(FanMode mode, double scale, Parameter parameter) =>
        Math.Sqrt(scale / (mode == FanMode.In ? parameter.FanIn : (parameter.FanIn + parameter.FanOut) / 2.0));
}

internal sealed record ValuesInitializer(IReadOnlyList<double> Given) : Initializer
{
    public override void Fill(Span<double> values, Parameter parameter, RandomStream stream)
    {
        if (Given.Count != values.Length)
            throw new ArgumentException($"Parameter '{parameter.Name}' has shape {parameter.Shape}, {values.Length} values, but {Given.Count} were given.", nameof(parameter));
        for (int i = 0; i < values.Length; i++) values[i] = Given[i];
    }
}
