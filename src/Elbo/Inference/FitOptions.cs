using Elbo.Models;

namespace Elbo.Inference;

/// <summary>When an iterative fit stops, how often it starts, and whom it tells.</summary>
public sealed record FitOptions
{
    /// <summary>Decides every random draw: the starts, their order.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many starts; the fit with the highest bound is kept.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>
    /// The number of the first start, from 1: with <see cref="Restarts"/> 1 the third start of a seed by itself, say, so that starts can be run one after another.
    /// </summary>
    public int FirstStart { get; init; } = 1;

    /// <summary>The most iterations of one start.</summary>
    public int MaxIterations { get; init; } = 1000;

    /// <summary>A start has converged when an iteration raises the bound by less than this, in nats per unit of weight (per row).</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>
    /// Whether to extrapolate by squared steps: SQUAREM, Varadhan and Roland, "Simple and globally convergent methods for accelerating the
    /// convergence of any EM algorithm", 2008. A step that raises the bound by less than the last update did is replaced by the plain one. Models whose parameters
    /// cannot be extrapolated take no notice.
    /// </summary>
    public bool Accelerate { get; init; }

    /// <summary>
    /// Where a fit goes on from a model that an earlier one had come to: the bounds of the states before that model's. They count as this
    /// fit's own, so that it ends where and how the unbroken fit would have. Empty for a fit that begins.
    /// </summary>
    public IReadOnlyList<double> EarlierBounds { get; init; } = [];

    /// <summary>Told of each iteration; null for nobody.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>Throws unless every setting is in its range.</summary>
    /// <exception cref="Numerics.ElboException">One is not.</exception>
    public void Check()
    {
        if (Restarts < 1) throw new Numerics.ElboException($"{Restarts} restarts were asked for; at least 1 is needed.");
        if (FirstStart < 1) throw new Numerics.ElboException($"The first start is number {FirstStart}; starts are counted from 1.");
        if (MaxIterations < 1) throw new Numerics.ElboException($"At most {MaxIterations} iterations were asked for; at least 1 is needed.");
        if (!(Tolerance >= 0)) throw new Numerics.ElboException($"The tolerance is {Tolerance}; give a number of nats that is not negative.");
    }
}

/// <summary>Where an iterative fit stands.</summary>
/// <param name="Restart">The start, from 1.</param>
/// <param name="Restarts">The number of starts.</param>
/// <param name="Iteration">The iteration of this start, from 1.</param>
/// <param name="MaxIterations">The most iterations of one start.</param>
/// <param name="Bound">The bound of the model before this iteration's update, in nats per row.</param>
/// <param name="Gain">By how much the last iteration raised it; NaN at the first.</param>
/// <param name="Model">Makes the model whose bound this is, to save it; null where there is none yet.</param>
public sealed record FitProgress(int Restart, int Restarts, int Iteration, int MaxIterations, double Bound, double Gain, Func<RowModel>? Model);
