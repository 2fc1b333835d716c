using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>A quantity to report, already a mean over the rows of the batch: <c>elbo</c>, <c>reconstruction</c>, <c>kl</c>, <c>klPerDimension</c>.</summary>
/// <param name="Name">Its name, unique within a graph.</param>
/// <param name="Value">A scalar or a vector.</param>
public sealed record Metric(string Name, Tensor Value);

/// <summary>A scalar to maximise by some of the parameters.</summary>
/// <param name="Value">The mean over the rows of the batch, in nats where it is a bound.</param>
/// <param name="Parameters">The parameters that move to raise it; those that are not trainable are passed over.</param>
public sealed record Objective(Tensor Value, IReadOnlyList<Parameter> Parameters);

/// <summary>
/// What a model asks of one step. Several objectives, each with its own parameters, are several players in one step: an adversary, or an
/// encoder and a decoder trained on different bounds.
/// </summary>
/// <param name="Objectives">What to maximise; no parameter may appear in two of them.</param>
/// <param name="Metrics">What to report.</param>
/// <param name="Updates">Assignments of state that no objective trains, such as running statistics.</param>
public sealed record TrainingGraph(IReadOnlyList<Objective> Objectives, IReadOnlyList<Metric> Metrics, IReadOnlyList<Update> Updates)
{
    /// <summary>Intermediate values by layer (<see cref="LayerContext.Watched"/>), computed only to name the layer where a step failed.</summary>
    public IReadOnlyList<WatchedTensor> Watched { get; init; } = [];
}
