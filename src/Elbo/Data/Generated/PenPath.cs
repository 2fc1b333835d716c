using System.Numerics;

namespace Elbo.Data;

/// <summary>What the pen drew: short straight pieces with a half width at either end, in pixels.</summary>
internal ref struct PenPath(Span<PenPath.Piece> storage)
{
    private readonly Span<Piece> storage = storage;
    private int count;

    public readonly ReadOnlySpan<Piece> Pieces => storage[..count];

    /// <summary>Samples the smooth curve through some points: Catmull and Rom's spline, broken at corners and straight at ends.</summary>
    public void AddCurve(scoped ReadOnlySpan<Vector2> points, scoped ReadOnlySpan<bool> corners, int piecesPerSpan)
    {
        for (int span = 0; span + 1 < points.Length; span++)
        {
            Vector2 from = points[span];
            Vector2 to = points[span + 1];
            // At an end or corner the neighbour is mirrored, which makes the curve leave in the direction of its chord.
            Vector2 before = span > 0 && !corners[span] ? points[span - 1] : from + (from - to);
            Vector2 after = span + 2 < points.Length && !corners[span + 1] ? points[span + 2] : to + (to - from);
            Vector2 previous = from;
            for (int i = 1; i <= piecesPerSpan && count < storage.Length; i++)
            {
                Vector2 point = Spline(before, from, to, after, (float)i / piecesPerSpan);
                storage[count++] = new Piece(previous, point, 0, 0);
                previous = point;
            }
        }
    }

    private static Vector2 Spline(Vector2 p0, Vector2 p1, Vector2 p2, Vector2 p3, float t) =>
        0.5f * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * (t * t) + (3 * p1 - p0 - 3 * p2 + p3) * (t * t * t));

    public record struct Piece(Vector2 From, Vector2 To, float FromHalfWidth, float ToHalfWidth);
}
