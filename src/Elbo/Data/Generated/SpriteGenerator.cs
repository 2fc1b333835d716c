namespace Elbo.Data;

/// <summary>
/// Draws white sprites on 64×64 black pixels, one for each combination of shape (square, ellipse, heart), 6 scales, 40 rotations
/// and 32×32 positions: 737,280 images, as in dSprites (Matthey, Higgins, Hassabis and Lerchner, 2017).
/// </summary>
/// <remarks>Unlike there, the 40 rotations divide the full turn evenly, so that none is twice in the set.</remarks>
public static class SpriteGenerator
{
    /// <summary>Pixels across and down.</summary>
    public const int Side = 64;

    /// <summary>The number of images: the product of <see cref="FactorSizes"/>.</summary>
    public const int Count = 3 * 6 * 40 * 32 * 32;

    // Keeps a point that lies on an edge but for rounding inside, on every machine.
    private const double Tolerance = 1e-9;
    private const double MostReach = 14.5;

    /// <summary>The factors, in the order of their indices.</summary>
    public static IReadOnlyList<string> FactorNames { get; } = ["shape", "scale", "rotation", "x", "y"];

    /// <summary>How many values each factor takes.</summary>
    public static IReadOnlyList<int> FactorSizes { get; } = [3, 6, 40, 32, 32];

    /// <summary>The names of the values of the first factor, which are also the labels.</summary>
    public static IReadOnlyList<string> ShapeNames { get; } = ["square", "ellipse", "heart"];

    /// <summary>The factors of an image. The last factor, y, changes fastest.</summary>
    /// <param name="index">Which image, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="factors">Receives the five indices.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public static void FactorsOf(int index, Span<int> factors)
    {
        if ((uint)index >= Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"The sprites have indices 0 to {Count - 1}.");
        for (int factor = FactorSizes.Count - 1; factor >= 0; factor--)
        {
            factors[factor] = index % FactorSizes[factor];
            index /= FactorSizes[factor];
        }
    }

    /// <summary>The image of a combination of factors.</summary>
    /// <param name="factors">Five indices, each from 0 to its factor's size − 1.</param>
    /// <returns>Which image it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of its factor's range.</exception>
    public static int IndexOf(ReadOnlySpan<int> factors)
    {
        int index = 0;
        for (int factor = 0; factor < FactorSizes.Count; factor++)
        {
            if ((uint)factors[factor] >= (uint)FactorSizes[factor])
                throw new ArgumentOutOfRangeException(nameof(factors), factors[factor], $"The factor {FactorNames[factor]} takes 0 to {FactorSizes[factor] - 1}.");
            index = index * FactorSizes[factor] + factors[factor];
        }

        return index;
    }

    /// <summary>Draws one image.</summary>
    /// <param name="factors">Five indices: shape; scale, from 0.5 to 1; rotation in steps of 9°; x to the right and y down, from 16 to 48 pixels.</param>
    /// <param name="pixels">64·64 bytes, row by row, 0 or 255.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static void Draw(ReadOnlySpan<int> factors, Span<byte> pixels)
    {
        if (pixels.Length != Side * Side) throw new ArgumentException($"An image has {Side * Side} pixels, but room for {pixels.Length} was given.", nameof(pixels));
        pixels.Clear();
        double scale = 0.5 + 0.1 * factors[1];
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * factors[2] / 40);
        double centerX = 16 + 32.0 * factors[3] / 31;
        double centerY = 16 + 32.0 * factors[4] / 31;
        int left = (int)(centerX - MostReach);
        int top = (int)(centerY - MostReach);
        for (int y = top; y <= top + 2 * (int)MostReach + 1; y++)
        {
            for (int x = left; x <= left + 2 * (int)MostReach + 1; x++)
            {
                double dx = (x + 0.5 - centerX) / scale;
                double dy = (y + 0.5 - centerY) / scale;
                if (Inside(factors[0], cosine * dx + sine * dy, cosine * dy - sine * dx)) pixels[y * Side + x] = 255;
            }
        }
    }

    private static bool Inside(int shape, double x, double y)
    {
        switch (shape)
        {
            case 0:
                return Math.Abs(x) <= 9.5 + Tolerance && Math.Abs(y) <= 9.5 + Tolerance;
            case 1:
                return (x * x) / (7.0 * 7.0) + (y * y) / (14.0 * 14.0) <= 1 + Tolerance;
            default:
                // The heart (x² + y² − 1)³ = x² y³, upright with y pointing up, 11 pixels to its unit.
                double u = x / 11;
                double v = -y / 11;
                double w = u * u + v * v - 1;
                return w * w * w - u * u * v * v * v <= Tolerance;
        }
    }
}
