using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Data;

/// <summary>Sets each value, with some probability, to the smallest or the largest of the data, either with equal chance.</summary>
public sealed record SaltAndPepperCorruption : Corruption
{
    /// <summary>Sets each value to an extreme with some probability.</summary>
    /// <param name="probability">From 0 to 1.</param>
    /// <exception cref="Elbo.Numerics.ElboException">The probability is out of range.</exception>
    public SaltAndPepperCorruption(double probability)
    {
        RequireProbability(probability, "salt-and-pepper");
        Probability = probability;
    }

    /// <summary>The probability of a value to be set to an extreme.</summary>
    public double Probability { get; }

    internal override bool IsNormal => false;

    internal override void Apply(ReadOnlySpan<float> clean, Span<float> noise, float low, float high)
    {
        float either = (float)Probability;
        float half = either / 2;
        Vector<float> eithers = new(either);
        Vector<float> halves = new(half);
        ReadOnlySpan<Vector<float>> cleanVectors = MemoryMarshal.Cast<float, Vector<float>>(clean);
        Span<Vector<float>> noiseVectors = MemoryMarshal.Cast<float, Vector<float>>(noise);
        for (int i = 0; i < noiseVectors.Length; i++)
        {
            Vector<float> extreme = Vector.ConditionalSelect(Vector.LessThan(noiseVectors[i], halves), new Vector<float>(low), new Vector<float>(high));
            noiseVectors[i] = Vector.ConditionalSelect(Vector.LessThan(noiseVectors[i], eithers), extreme, cleanVectors[i]);
        }

        for (int i = noiseVectors.Length * Vector<float>.Count; i < noise.Length; i++)
            noise[i] = noise[i] < half ? low : noise[i] < either ? high : clean[i];
    }
}
