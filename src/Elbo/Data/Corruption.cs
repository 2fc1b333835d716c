using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>How the input of a denoising model is damaged; the target stays clean (Vincent et al., 2010, section 3.3).</summary>
public abstract record Corruption
{
    private protected Corruption()
    {
    }

    /// <summary>Whether it draws normal rather than uniform noise.</summary>
    internal abstract bool IsNormal { get; }

    /// <summary>Turns noise into damaged values, in place. <paramref name="low"/> and <paramref name="high"/> are the ends of the data's range.</summary>
    internal abstract void Apply(ReadOnlySpan<float> clean, Span<float> noise, float low, float high);

    private protected static void RequireProbability(double probability, string name)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ElboException($"A {name} corruption of probability {probability} was asked for, and 0 to 1 was expected; correct the recipe.");
    }
}
