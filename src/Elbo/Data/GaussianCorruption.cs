using System.Numerics;
using System.Runtime.InteropServices;
using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>Adds normal noise of mean 0 to each value, independently.</summary>
public sealed record GaussianCorruption : Corruption
{
    /// <summary>Adds normal noise.</summary>
    /// <param name="standardDeviation">In the unit of the values as the model sees them, at least 0.</param>
    /// <exception cref="ElboException">The standard deviation is negative or not a number.</exception>
    public GaussianCorruption(double standardDeviation)
    {
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation)))
            throw new ElboException($"A Gaussian corruption of standard deviation {standardDeviation} was asked for, and at least 0 was expected; correct the recipe.");
        StandardDeviation = standardDeviation;
    }

    /// <summary>The standard deviation of the noise.</summary>
    public double StandardDeviation { get; }

    internal override bool IsNormal => true;

    internal override void Apply(ReadOnlySpan<float> clean, Span<float> noise, float low, float high)
    {
        float deviation = (float)StandardDeviation;
        ReadOnlySpan<Vector<float>> cleanVectors = MemoryMarshal.Cast<float, Vector<float>>(clean);
        Span<Vector<float>> noiseVectors = MemoryMarshal.Cast<float, Vector<float>>(noise);
        for (int i = 0; i < noiseVectors.Length; i++) noiseVectors[i] = cleanVectors[i] + noiseVectors[i] * deviation;
        for (int i = noiseVectors.Length * Vector<float>.Count; i < noise.Length; i++) noise[i] = clean[i] + noise[i] * deviation;
    }
}
