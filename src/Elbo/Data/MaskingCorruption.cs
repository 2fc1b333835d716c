using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Data;

/// <summary>Sets each value to 0 with some probability, independently.</summary>
public sealed record MaskingCorruption : Corruption
{
    /// <summary>Sets each value to 0 with some probability.</summary>
    /// <param name="probability">From 0 to 1.</param>
    /// <exception cref="Elbo.Numerics.ElboException">The probability is out of range.</exception>
    public MaskingCorruption(double probability)
    {
        RequireProbability(probability, "masking");
        Probability = probability;
    }

    /// <summary>The probability of a value to be set to 0.</summary>
    public double Probability { get; }

    internal override bool IsNormal => false;

    internal override void Apply(ReadOnlySpan<float> clean, Span<float> noise, float low, float high)
    {
        float threshold = (float)Probability;
        Vector<float> thresholds = new(threshold);
        ReadOnlySpan<Vector<float>> cleanVectors = MemoryMarshal.Cast<float, Vector<float>>(clean);
        Span<Vector<float>> noiseVectors = MemoryMarshal.Cast<float, Vector<float>>(noise);
        for (int i = 0; i < noiseVectors.Length; i++)
            noiseVectors[i] = Vector.ConditionalSelect(Vector.LessThan(noiseVectors[i], thresholds), Vector<float>.Zero, cleanVectors[i]);
        for (int i = noiseVectors.Length * Vector<float>.Count; i < noise.Length; i++) noise[i] = noise[i] < threshold ? 0 : clean[i];
    }
}
