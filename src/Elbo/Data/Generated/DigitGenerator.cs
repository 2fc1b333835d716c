using System.Numerics;
using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>
/// Draws handwritten-style digits of 28×28 pixels: a style of the digit, shaken, bent, slanted and turned as a hand does, drawn
/// with a pen of varying width, and brought to the place and size that MNIST's digits have (a box of about 20×20, the centre of
/// mass in the middle).
/// </summary>
public static class DigitGenerator
{
    /// <summary>Pixels across and down.</summary>
    public const int Side = 28;

    private const float Margin = 4;
    private const float MostHalfWidth = 2.4f;
    private const int PiecesPerSpan = 5;
    private const int MostPieces = 128;
    private const int MostPoints = 16;

    /// <summary>Draws one digit; the same stream and index make the same image, whatever else was drawn.</summary>
    /// <param name="stream">Where the draws come from.</param>
    /// <param name="index">Which image of the stream.</param>
    /// <param name="pixels">28·28 bytes, row by row; 0 is paper, 255 ink.</param>
    /// <returns>The digit, 0 to 9.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static int Draw(RandomStream stream, int index, Span<byte> pixels)
    {
        if (pixels.Length != Side * Side) throw new ArgumentException($"An image has {Side * Side} pixels, but room for {pixels.Length} was given.", nameof(pixels));
        DrawSequence draws = new(stream.Split((ulong)index));
        int digit = draws.Index(10);
        DigitGlyph[] styles = DigitGlyphs.Styles[digit];
        DigitGlyph glyph = styles[draws.Index(styles.Length)];

        Span<PenPath.Piece> storage = stackalloc PenPath.Piece[MostPieces];
        PenPath path = new(storage);
        Trace(glyph, ref draws, ref path);
        Span<PenPath.Piece> pieces = storage[..path.Pieces.Length];
        Distort(pieces, digit, ref draws);
        Place(pieces, ref draws);
        SetWidths(pieces, ref draws);

        Span<float> ink = stackalloc float[Side * Side];
        ink.Clear();
        PenRaster.Draw(pieces, draws.Uniform(0.9f, 1.5f), Side, ink);
        float darkness = 255 * draws.Uniform(0.94f, 1f);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(ink[i] * darkness + 0.5f);
        return digit;
    }

    private static void Trace(DigitGlyph glyph, ref DrawSequence draws, ref PenPath path)
    {
        Span<Vector2> points = stackalloc Vector2[MostPoints];
        float shake = draws.Uniform(1.5f, 4.5f);
        foreach (DigitGlyph.Stroke stroke in glyph.Strokes)
        {
            // A hand strays slowly: each point's displacement keeps part of the one before.
            Vector2 stray = 1.2f * shake * new Vector2(draws.Bell(), draws.Bell());
            for (int i = 0; i < stroke.Points.Length; i++)
            {
                points[i] = stroke.Points[i] + stray;
                stray = 0.55f * stray + shake * new Vector2(draws.Bell(), draws.Bell());
            }

            path.AddCurve(points[..stroke.Points.Length], stroke.Corners, PiecesPerSpan);
        }
    }

    /// <summary>Bends, narrows one end, moves the waist, slants, stretches and turns the figure, around its middle at (50, 70).</summary>
    private static void Distort(Span<PenPath.Piece> pieces, int digit, ref DrawSequence draws)
    {
        float bend = 0.0016f * draws.Bell();
        float taper = 0.0018f * draws.Bell();
        float waist = 0.0013f * draws.Bell();
        // Right-handed writing leans to the right; a plain stroke for 1 leans most.
        float slant = 0.14f + (digit == 1 ? 0.26f : 0.2f) * draws.Bell();
        float stretch = (digit == 0 ? 0.95f : 1f) + 0.16f * draws.Bell();
        // The tangent of half the angle gives sine and cosine by divisions alone.
        float half = 0.05f * draws.Bell();
        float cosine = (1 - half * half) / (1 + half * half);
        float sine = 2 * half / (1 + half * half);
        for (int i = 0; i < pieces.Length; i++)
            pieces[i] = pieces[i] with { From = Move(pieces[i].From), To = Move(pieces[i].To) };

        Vector2 Move(Vector2 point)
        {
            float down = point.Y - 70;
            float x = (point.X - 50) * (1 + taper * down) * stretch + bend * down * down - slant * down;
            float y = down + waist * down * down;
            return new Vector2(cosine * x - sine * y, sine * x + cosine * y);
        }
    }

    /// <summary>Scales the figure into a box of about 20 pixels and puts its centre of mass in the middle.</summary>
    private static void Place(Span<PenPath.Piece> pieces, ref DrawSequence draws)
    {
        Vector2 low = new(float.MaxValue);
        Vector2 high = new(float.MinValue);
        Vector2 moment = Vector2.Zero;
        float mass = 0;
        foreach (PenPath.Piece piece in pieces)
        {
            low = Vector2.Min(low, Vector2.Min(piece.From, piece.To));
            high = Vector2.Max(high, Vector2.Max(piece.From, piece.To));
            float length = (piece.To - piece.From).Length();
            moment += (piece.From + piece.To) * (0.5f * length);
            mass += length;
        }

        Vector2 center = moment / mass;
        Vector2 extent = high - low;
        float scale = draws.Uniform(16.4f, 18.6f) / Math.Max(extent.X, extent.Y);
        Vector2 middle = new Vector2(Side / 2f) + 0.35f * new Vector2(draws.Bell(), draws.Bell());
        // The pen's middle keeps within the inner 20 pixels, so that ink never reaches the rim.
        Vector2 shift = Vector2.Clamp(middle - center * scale, new Vector2(Margin) - low * scale, new Vector2(Side - Margin) - high * scale);
        for (int i = 0; i < pieces.Length; i++)
            pieces[i] = pieces[i] with { From = pieces[i].From * scale + shift, To = pieces[i].To * scale + shift };
    }

    /// <summary>A pen of one width a digit, pressed harder or softer along the way and broader across its nib than along it.</summary>
    private static void SetWidths(Span<PenPath.Piece> pieces, ref DrawSequence draws)
    {
        float halfWidth = Math.Max(0.7f, 1.32f + 0.36f * draws.Bell());
        float nib = draws.Uniform(0, 0.3f);
        Vector2 nibDirection = Vector2.Normalize(new Vector2(1, draws.Uniform(-1.2f, 0.4f)));
        float pressure = 1;
        float previous = halfWidth;
        for (int i = 0; i < pieces.Length; i++)
        {
            Vector2 along = pieces[i].To - pieces[i].From;
            float across = Vector2.Dot(along, nibDirection);
            float aligned = across * across / Math.Max(Vector2.Dot(along, along), 1e-6f);
            pressure += 0.2f * (1 - pressure) + 0.05f * draws.Bell();
            float width = Math.Min(MostHalfWidth, halfWidth * pressure * (1 - nib * aligned));
            pieces[i] = pieces[i] with { FromHalfWidth = i == 0 ? width : previous, ToHalfWidth = width };
            previous = width;
        }
    }
}
