using System.Numerics;

namespace Elbo.Data;

/// <summary>Draws pen paths with soft edges: ink is full within the pen's half width and fades over about a pixel around it.</summary>
internal static class PenRaster
{
    /// <summary>Keeps in each pixel the most ink any piece gives it. <paramref name="softness"/> is the width of the fade in pixels.</summary>
    public static void Draw(ReadOnlySpan<PenPath.Piece> pieces, float softness, int side, Span<float> ink)
    {
        foreach (PenPath.Piece piece in pieces)
        {
            float reach = Math.Max(piece.FromHalfWidth, piece.ToHalfWidth) + softness;
            int left = Math.Clamp((int)(Math.Min(piece.From.X, piece.To.X) - reach), 0, side);
            int right = Math.Clamp((int)(Math.Max(piece.From.X, piece.To.X) + reach) + 1, 0, side);
            int top = Math.Clamp((int)(Math.Min(piece.From.Y, piece.To.Y) - reach), 0, side);
            int bottom = Math.Clamp((int)(Math.Max(piece.From.Y, piece.To.Y) + reach) + 1, 0, side);
            Vector2 along = piece.To - piece.From;
            float inverse = 1 / Math.Max(Vector2.Dot(along, along), 1e-6f);
            for (int y = top; y < bottom; y++)
            {
                Span<float> row = ink.Slice(y * side, side);
                for (int x = left; x < right; x++)
                {
                    Vector2 offset = new Vector2(x + 0.5f, y + 0.5f) - piece.From;
                    float place = Math.Clamp(Vector2.Dot(offset, along) * inverse, 0, 1);
                    float distance = (offset - along * place).Length();
                    float halfWidth = piece.FromHalfWidth + (piece.ToHalfWidth - piece.FromHalfWidth) * place;
                    float value = 0.5f + (halfWidth - distance) / softness;
                    if (value > row[x]) row[x] = Math.Min(value, 1);
                }
            }
        }
    }
}
