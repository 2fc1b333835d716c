using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>Anything the trainer can train: parameters, and a graph on a batch that says what to maximise.</summary>
public interface ITrainable
{
    /// <summary>Everything that is saved and loaded, each with its own name; running statistics included.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Builds the graph of one step on a batch. It is called once for each plan, not once for each step.</summary>
    /// <param name="batch">The placeholders.</param>
    /// <param name="isTraining">True for a training step; false to evaluate without dropout and with running statistics.</param>
    TrainingGraph Build(Batch batch, bool isTraining);
}
