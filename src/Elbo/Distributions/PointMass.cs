using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// All mass on one point: what a deterministic encoder says about a code. It has no density, so no divergence from a prior either; draws are
/// the point, and gradients flow through them.
/// </summary>
public sealed class PointMass : Distribution
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="point">The point, <c>[batch..., event...]</c>.</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public PointMass(Tensor point, int eventRank = 1) : base(point?.Shape!, eventRank) => Mean = point!;

    /// <summary>The point.</summary>
    public override Tensor Mean { get; }

    /// <summary>Not available: a point has no density.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor LogDensity(Tensor value) =>
        throw new NotSupportedException("A point mass has no density; a deterministic code has no bound, only a reconstruction.");

    /// <summary>Not available: the differential entropy of a point is −∞.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Entropy() =>
        throw new NotSupportedException("A point mass has no entropy; a deterministic code has no bound, only a reconstruction.");

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Mean.StopGradient().BroadcastTo(WithLeading(leading));
}
