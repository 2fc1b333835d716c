using System.Globalization;
using System.Numerics;

namespace Elbo.Data;

/// <summary>One way to write a digit: pen strokes, each a smooth curve through points, with corners where the pen turns sharply.</summary>
/// <param name="Strokes">The strokes in the order they are written.</param>
internal sealed record DigitGlyph(DigitGlyph.Stroke[] Strokes)
{
    /// <summary>Reads strokes separated by "|", points "x,y" separated by spaces, "!" after a point that is a corner.</summary>
    public static DigitGlyph Parse(string text) => new([.. text.Split('|', StringSplitOptions.TrimEntries).Select(ParseStroke)]);

    private static Stroke ParseStroke(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Stroke([.. words.Select(ParsePoint)], [.. words.Select(static word => word.EndsWith('!'))]);
    }

    private static Vector2 ParsePoint(string word)
    {
        string[] parts = word.TrimEnd('!').Split(',');
        return new Vector2(float.Parse(parts[0], CultureInfo.InvariantCulture), float.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Points in a box of about 100 across and 140 down, and whether each is a corner.</summary>
    public sealed record Stroke(Vector2[] Points, bool[] Corners);
}
