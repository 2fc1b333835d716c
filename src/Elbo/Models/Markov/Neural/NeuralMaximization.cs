using Elbo.Inference;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The M-step of a <see cref="StateNetwork"/>: a few steps up the expected log density, none of which lowers it (Dempster, Laird and Rubin, 1977, generalised EM).</summary>
internal sealed class NeuralMaximization : IDisposable
{
    private readonly StateNetwork network;
    private readonly VariableStore<double> store = new();
    private readonly Plan<double> plan;
    private readonly Tensor[] sums;
    private readonly GradientClimber climber;
    private readonly int variables;

    public NeuralMaximization(StateNetwork network, double totalWeight, Runtime runtime)
    {
        this.network = network;
        Variable[] all = [.. network.Parameters.Select(static parameter => parameter.Variable)];
        variables = all.Length;
        Tensor objective = network.Objective(out sums) * (1 / totalWeight);
        Tensor[] gradients = objective.Gradients([.. all.Select(static variable => variable.Value)]);
        plan = Plan<double>.Compile(runtime, store, [objective, .. gradients, .. network.Distribution]);
        climber = new GradientClimber(plan, store, all);
    }

    /// <summary>A first place.</summary>
    public double[] Draw(RandomStream random)
    {
        network.Parameters.Initialize(store, random);
        return climber.Here().Position;
    }

    /// <summary>The network's distributions.</summary>
    public Emission EmissionAt(double[] position)
    {
        climber.MoveTo(position);
        plan.Run();
        return network.Read([.. Enumerable.Range(0, network.Distribution.Count).Select(i => plan.Output(1 + variables + i).ToArray())]);
    }

    /// <summary>The expected log density per row, up to a constant, and its gradient.</summary>
    public (double Value, double[] Gradient) Evaluate(Emission summed, double[] statistics, double[] position)
    {
        network.WriteSums(summed, statistics, index => plan.Input(sums[index]));
        climber.MoveTo(position);
        GradientPoint here = climber.Here();
        return (here.Value, here.Gradient);
    }

    /// <summary>Climbs.</summary>
    /// <param name="summed">By what the sums were made.</param>
    /// <param name="statistics">The sums.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="steps">The most steps.</param>
    /// <returns>A place that is no lower.</returns>
    public double[] Climb(Emission summed, double[] statistics, double[] position, int steps)
    {
        network.WriteSums(summed, statistics, index => plan.Input(sums[index]));
        climber.MoveTo(position);
        GradientPoint point = climber.Here();
        for (int step = 0; step < steps; step++)
        {
            GradientPoint next = climber.Next(point);
            if (ReferenceEquals(next, point)) break;
            point = next;
        }

        return point.Position;
    }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters(double[] position)
    {
        climber.MoveTo(position);
        return network.Parameters.ToDictionary(static parameter => parameter.Name, parameter => store[parameter.Variable].ToArray());
    }

    public void Dispose()
    {
        plan.Dispose();
        store.Dispose();
    }
}
