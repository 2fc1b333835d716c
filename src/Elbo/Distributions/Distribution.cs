using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// A probability distribution whose parameters are nodes of a graph: its density, draws, entropy and divergences are graphs too, and
/// differentiate with respect to the parameters. All logarithms are natural (nats) and every constant is kept.
/// </summary>
/// <remarks>
/// <see cref="Shape"/> is <c>[batch..., event...]</c>: one draw is an event of the last <see cref="EventRank"/> dimensions, and the leading
/// dimensions are independent. Values with further leading dimensions, <c>[samples..., batch..., event...]</c>, broadcast.
/// A new family from outside overrides this class; <see cref="KlTo"/> and <see cref="KlFrom"/> let it meet the families here from either side.
/// </remarks>
public abstract class Distribution
{
    /// <summary>Creates a distribution of the given shape.</summary>
    /// <param name="shape">The shape of a draw for every member of the batch, <c>[batch..., event...]</c>.</param>
    /// <param name="eventRank">How many trailing dimensions form one event, in <c>[0, shape.Rank]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="eventRank"/> is not in <c>[0, shape.Rank]</c>.</exception>
    protected Distribution(Shape shape, int eventRank)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (eventRank < 0 || eventRank > shape.Rank)
            throw new ArgumentOutOfRangeException(nameof(eventRank), eventRank, $"The event rank must be in [0, {shape.Rank}] for shape {shape}.");
        Shape = shape;
        EventRank = eventRank;
    }

    /// <summary>The shape of a draw for every member of the batch, <c>[batch..., event...]</c>.</summary>
    public Shape Shape { get; }

    /// <summary>How many trailing dimensions form one event; densities, entropies and divergences are summed over them.</summary>
    public int EventRank { get; }

    /// <summary>The leading dimensions, <c>[batch...]</c>: the shape of an entropy.</summary>
    public Shape BatchShape => Shape.Create(Shape.AsSpan()[..^EventRank]);

    /// <summary>E[x], of shape <see cref="Shape"/>.</summary>
    public abstract Tensor Mean { get; }

    /// <summary>ln p(x) in nats, summed over the event: <c>[..., batch...]</c>.</summary>
    /// <param name="value">Where to evaluate, <c>[..., batch..., event...]</c>.</param>
    public abstract Tensor LogDensity(Tensor value);

    /// <summary>−E[ln p(x)] in nats, summed over the event: <c>[batch...]</c>.</summary>
    public abstract Tensor Entropy();

    /// <summary>Independent draws, through which no gradient flows: <c>[leading..., batch..., event...]</c>.</summary>
    /// <param name="key">The random stream of the draws; different keys are independent.</param>
    /// <param name="leading">Extents in front of the batch, one draw for each; none by default.</param>
    public abstract Tensor Sample(ulong key, params ReadOnlySpan<int> leading);

    /// <summary>
    /// Draws with their log density. A family whose density is only cheap at its own draws (a flow) overrides this. Gradients flow through
    /// the draws where the family is <see cref="IReparameterizable"/>.
    /// </summary>
    /// <param name="key">The random stream of the draws.</param>
    /// <param name="leading">Extents in front of the batch, one draw for each.</param>
    public virtual (Tensor Value, Tensor LogDensity) SampleWithLogDensity(ulong key, params ReadOnlySpan<int> leading)
    {
        Tensor value = this is IReparameterizable reparameterizable
            ? reparameterizable.Reparameterize(reparameterizable.Noise(key, leading))
            : Sample(key, leading);
        return (value, LogDensity(value));
    }

    /// <summary>KL(this ‖ other) in nats in closed form, <c>[batch...]</c>; null where this class knows none for that family.</summary>
    protected internal virtual Tensor? KlTo(Distribution other) => null;

    /// <summary>KL(other ‖ this) in nats in closed form, <c>[batch...]</c>; null where this class knows none for that family.</summary>
    protected internal virtual Tensor? KlFrom(Distribution other) => null;

    /// <summary>Terms of KL(this ‖ other), one for each element of the event, whose sum over the event is the divergence; null where this class knows none.</summary>
    protected internal virtual Tensor? KlPerElementTo(Distribution other) => null;

    /// <summary>Terms of KL(other ‖ this), one for each element of the event, whose sum over the event is the divergence; null where this class knows none.</summary>
    protected internal virtual Tensor? KlPerElementFrom(Distribution other) => null;

    /// <summary>Sums one number an element over the event, after stretching it to the event's shape: <c>[..., batch..., event...] → [..., batch...]</c>.</summary>
    protected internal Tensor SumOverEvent(Tensor perElement)
    {
        ArgumentNullException.ThrowIfNull(perElement);
        Tensor full = perElement.BroadcastTo(Shape.Broadcast(perElement.Shape, Shape));
        return EventRank == 0 ? full : full.Sum([.. Enumerable.Range(full.Shape.Rank - EventRank, EventRank)]);
    }

    /// <summary><c>[leading..., Shape...]</c>.</summary>
    protected Shape WithLeading(ReadOnlySpan<int> leading) => Shape.Create([.. leading, .. Shape]);
}
