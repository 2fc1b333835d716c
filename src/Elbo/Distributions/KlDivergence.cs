using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// KL(q ‖ p) = E_q[ln q(z) − ln p(z)] in nats. Closed forms live with the families: q is asked first, then p, so either of the two
/// classes can bring the formula and a family from outside needs no change here.
/// </summary>
public static class KlDivergence
{
    /// <summary>KL(q ‖ p) in closed form, <c>[batch...]</c>.</summary>
    /// <exception cref="NotSupportedException">No closed form is known for the pair; <see cref="MonteCarlo"/> estimates it.</exception>
    public static Tensor Between(Distribution q, Distribution p) => TryBetween(q, p)
        ?? throw new NotSupportedException($"No closed form of KL({q.GetType().Name} ‖ {p.GetType().Name}) is known; use {nameof(MonteCarlo)}, or override {nameof(Distribution.KlTo)} or {nameof(Distribution.KlFrom)}.");

    /// <summary>KL(q ‖ p) in closed form, <c>[batch...]</c>; null where none is known.</summary>
    public static Tensor? TryBetween(Distribution q, Distribution p)
    {
        if (PerElement(q, p) is { } perElement) return q.SumOverEvent(perElement);
        return q.KlTo(p) ?? p.KlFrom(q);
    }

    /// <summary>
    /// The terms of KL(q ‖ p), one for each element of the event, <c>[batch..., event...]</c>, which sum to the divergence; null where
    /// no such closed form is known.
    /// </summary>
    /// <exception cref="ArgumentException">The events have different shapes.</exception>
    public static Tensor? PerElement(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        if (q.EventRank != p.EventRank || !q.Shape.AsSpan()[^q.EventRank..].SequenceEqual(p.Shape.AsSpan()[^p.EventRank..]))
            throw new ArgumentException($"KL needs events of one shape, but q has {q.Shape} with event rank {q.EventRank} and p has {p.Shape} with event rank {p.EventRank}.");
        return q.KlPerElementTo(p) ?? p.KlPerElementFrom(q);
    }

    /// <summary>The unbiased estimate of KL(q ‖ p) from draws of q: the mean of ln q(z) − ln p(z), <c>[batch...]</c>; single draws can be negative.</summary>
    /// <param name="q">Where the draws come from; gradients flow through them where it is <see cref="IReparameterizable"/>.</param>
    /// <param name="p">The other distribution.</param>
    /// <param name="key">The random stream of the draws.</param>
    /// <param name="samples">The number of draws, at least 1.</param>
    public static Tensor MonteCarlo(Distribution q, Distribution p, ulong key, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        (Tensor value, Tensor logDensity) = q.SampleWithLogDensity(key, samples);
        return (logDensity - p.LogDensity(value)).Mean(0);
    }
}
