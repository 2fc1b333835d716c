namespace Elbo.Numerics.Tests.Kernels.Elementwise;

/// <summary>Distances in units in the last place of the correctly rounded result.</summary>
internal static class UlpError
{
    /// <summary>0 for equal specials, infinite where only one is NaN or infinite.</summary>
    public static double Of(float actual, double expected)
    {
        float rounded = (float)expected;
        if (float.IsNaN(rounded) || float.IsNaN(actual))
            return float.IsNaN(rounded) == float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            if (rounded.Equals(actual))
                return 0;
            // Within an ulp of the overflow threshold either side is a fair answer.
            float largest = float.IsInfinity(rounded) ? actual : rounded;
            return Math.Abs(largest) >= float.BitDecrement(float.MaxValue) ? 1 : double.PositiveInfinity;
        }

        float magnitude = Math.Abs(rounded);
        double ulp = magnitude == float.MaxValue ? magnitude - float.BitDecrement(magnitude) : (double)float.BitIncrement(magnitude) - magnitude;
        return Math.Abs(actual - expected) / ulp;
    }

    public static double Of(double actual, double expected)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
            return double.IsNaN(expected) == double.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (double.IsInfinity(expected) || double.IsInfinity(actual))
            return expected.Equals(actual) ? 0 : double.PositiveInfinity;
        double magnitude = Math.Abs(expected);
        double ulp = magnitude == double.MaxValue ? magnitude - double.BitDecrement(magnitude) : double.BitIncrement(magnitude) - magnitude;
        return Math.Abs(actual - expected) / ulp;
    }
}
