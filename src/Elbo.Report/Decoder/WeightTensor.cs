using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>
/// Weights of one layer. The page carries them as 16-bit floats (half the size, pixels equal to within a byte's rounding) unless
/// <see cref="Precise"/> is set or a value does not fit.
/// </summary>
[JsonConverter(typeof(WeightTensorConverter))]
public sealed record WeightTensor
{
    /// <summary>Wraps weights.</summary>
    /// <param name="shape">The shape; its product is the number of values.</param>
    /// <param name="values">The values, row-major. Not copied.</param>
    /// <param name="precise">Whether to keep 32 bits in the page.</param>
    /// <exception cref="ArgumentException">The shape and the number of values disagree.</exception>
    public WeightTensor(IReadOnlyList<int> shape, ReadOnlyMemory<float> values, bool precise = false)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var size = shape.Aggregate(1L, (product, side) => product * side);
        if (size != values.Length)
            throw new ArgumentException($"A tensor of shape [{string.Join(", ", shape)}] has {size} values, but {values.Length} were given; pass the shape of the values.", nameof(values));
        (Shape, Values, Precise) = (shape, values, precise);
    }

    /// <summary>The shape.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values, row-major.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Whether the page keeps 32 bits.</summary>
    public bool Precise { get; }
}
