using System.Text.Json.Serialization;
using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// How a parameter starts. Fans are those of <see cref="Parameter.FanIn"/> and <see cref="Parameter.FanOut"/>. In JSON an initializer is a
/// string, with its numbers in parentheses: <c>"glorot-uniform"</c>, <c>"normal(0.01)"</c>; see <see cref="InitializerNames"/>.
/// </summary>
[JsonConverter(typeof(InitializerConverter))]
public abstract record Initializer
{
    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new ConstantInitializer(1);

    /// <summary>U(−a, a) with <c>a = √(6/(fanIn + fanOut))</c>: Glorot and Bengio 2010, eq. 16.</summary>
    public static Initializer GlorotUniform { get; } = new ScaledUniformInitializer(FanMode.Average, 1);

    /// <summary>N(0, 2/(fanIn + fanOut)): the normal with the variance of Glorot and Bengio 2010, eq. 12.</summary>
    public static Initializer GlorotNormal { get; } = new ScaledNormalInitializer(FanMode.Average, 1);

    /// <summary>U(−a, a) with <c>a = √(6/fanIn)</c>: He et al. 2015, eq. 10, for rectifiers.</summary>
    public static Initializer HeUniform { get; } = new ScaledUniformInitializer(FanMode.In, 2);

    /// <summary>N(0, 2/fanIn): He et al. 2015, eq. 10, for rectifiers.</summary>
    public static Initializer HeNormal { get; } = new ScaledNormalInitializer(FanMode.In, 2);

    /// <summary>U(−a, a) with <c>a = √(3/fanIn)</c>: variance 1/fanIn, LeCun et al. 1998, eq. 16.</summary>
    public static Initializer LeCunUniform { get; } = new ScaledUniformInitializer(FanMode.In, 1);

    /// <summary>N(0, 1/fanIn): LeCun et al. 1998, eq. 16.</summary>
    public static Initializer LeCunNormal { get; } = new ScaledNormalInitializer(FanMode.In, 1);

    /// <summary>
    /// U(−a, a) with <c>a = 1/√fanIn</c>: what PyTorch's linear and convolution layers start from, weights and biases alike
    /// (<c>kaiming_uniform_</c> with a = √5, that is variance 1/(3·fanIn)).
    /// </summary>
    public static Initializer KaimingUniform { get; } = new ScaledUniformInitializer(FanMode.In, 1.0 / 3);

    /// <summary>N(0, σ²).</summary>
    /// <param name="standardDeviation">σ, at least 0.</param>
    public static Initializer Normal(double standardDeviation) => new NormalInitializer(standardDeviation);

    /// <summary>U(−bound, bound).</summary>
    /// <param name="bound">The bound, at least 0.</param>
    public static Initializer Uniform(double bound) => new UniformInitializer(bound);

    /// <summary>The same number everywhere.</summary>
    /// <param name="value">The number.</param>
    public static Initializer Constant(double value) => new ConstantInitializer(value);

    /// <summary>Given values, such as the logit of the data's mean for a decoder's last bias.</summary>
    /// <param name="values">Row-major values, one for each element of the parameter.</param>
    public static Initializer Values(params IReadOnlyList<double> values) => new ValuesInitializer(values);

    /// <summary>Reads the form used in recipes: <c>glorot-uniform</c>, <c>normal(0.01)</c>.</summary>
    /// <param name="text">A name, with its number in parentheses where it takes one.</param>
    /// <exception cref="ElboException">The name is unknown (the message names the nearest) or the number does not fit.</exception>
    public static Initializer Parse(string text) => InitializerNames.Parse(text);

    /// <summary>Writes the first values of a parameter.</summary>
    /// <param name="values">Row-major values, as many as the parameter has elements.</param>
    /// <param name="parameter">The parameter: its shape and fans.</param>
    /// <param name="stream">The parameter's own random stream.</param>
    public abstract void Fill(Span<double> values, Parameter parameter, RandomStream stream);
}
