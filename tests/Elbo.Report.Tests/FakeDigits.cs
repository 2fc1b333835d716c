namespace Elbo.Report.Tests;

/// <summary>Digit-like pictures of 28×28: strokes of ten classes under a small random slant, scale and shift, drawn with a soft pen.</summary>
internal static class FakeDigits
{
    public const int Side = 28;

    private static readonly (double X, double Y)[][][] Strokes =
    [
        [Arc(0, 0, 0.55, 0.85, 0, 360)],
        [[(-0.2, 0.6), (0.1, 0.85), (0.1, -0.85)]],
        [[.. Arc(0, 0.4, 0.5, 0.45, 160, -40), (-0.5, -0.85), (0.55, -0.85)]],
        [Arc(0, 0.42, 0.45, 0.42, 150, -90), Arc(0, -0.42, 0.5, 0.43, 90, -150)],
        [[(0.3, -0.85), (0.3, 0.85), (-0.5, -0.25), (0.55, -0.25)]],
        [[(0.5, 0.85), (-0.4, 0.85), (-0.45, 0.1)], Arc(-0.02, -0.35, 0.5, 0.5, 140, -150)],
        [[(0.35, 0.85), (-0.3, 0.3), (-0.48, -0.3)], Arc(0, -0.38, 0.48, 0.46, 180, -180)],
        [[(-0.5, 0.8), (0.5, 0.8), (-0.1, -0.85)]],
        [Arc(0, 0.43, 0.4, 0.4, 0, 360), Arc(0, -0.42, 0.48, 0.44, 0, 360)],
        [Arc(0, 0.38, 0.46, 0.46, 0, 360), [(0.46, 0.38), (0.35, -0.85)]],
    ];

    /// <summary>The ink of one digit in [0, 1], shape <c>[28, 28]</c>.</summary>
    public static float[] Draw(int digit, double slant, double width, double thickness)
    {
        var ink = new float[Side * Side];
        foreach (var stroke in Strokes[digit])
            for (var s = 0; s + 1 < stroke.Length; s++)
                for (var y = 0; y < Side; y++)
                    for (var x = 0; x < Side; x++)
                    {
                        var distance = Distance(x, y, Place(stroke[s]), Place(stroke[s + 1]));
                        var value = (float)(1 / (1 + Math.Exp((distance - thickness) * 3.5)));
                        ink[y * Side + x] = Math.Max(ink[y * Side + x], value);
                    }
        return ink;

        (double X, double Y) Place((double X, double Y) p) => (13.5 + 10.5 * (width * p.X + slant * p.Y), 13.5 - 10.5 * p.Y);
    }

    private static double Distance(double x, double y, (double X, double Y) a, (double X, double Y) b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var along = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / (dx * dx + dy * dy + 1e-9), 0, 1);
        return Math.Sqrt(Math.Pow(x - a.X - along * dx, 2) + Math.Pow(y - a.Y - along * dy, 2));
    }

    private static (double X, double Y)[] Arc(double x, double y, double radiusX, double radiusY, double from, double to) =>
        [.. Enumerable.Range(0, 17).Select(i => (from + (to - from) * i / 16) * Math.PI / 180).Select(t => (x + radiusX * Math.Cos(t), y + radiusY * Math.Sin(t)))];
}
