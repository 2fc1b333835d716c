using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// Gradient ascent on the exact marginal likelihood: limited-memory BFGS with backtracking (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 3.1), so
/// that every iteration raises the likelihood, as those of EM do. Where EM crawls (little noise, overlapping components) it needs far fewer iterations.
/// </summary>
public static class MarginalAscent
{
    /// <summary>Climbs from a model to a maximum near it.</summary>
    /// <typeparam name="TModel">The model.</typeparam>
    /// <param name="graph">The likelihood of the rows.</param>
    /// <param name="start">Where to start.</param>
    /// <param name="fit">When to stop.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">The start has other sizes, or its likelihood is not finite.</exception>
    public static FitResult<TModel> Fit<TModel>(LikelihoodGraph<TModel> graph, TModel start, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
        where TModel : RowModel
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        fit.Check();
        using VariableStore<double> store = new();
        graph.Write(start, store);
        Tensor objective = graph.Objective();
        Tensor[] gradients = objective.Gradients([.. graph.Variables.Select(variable => variable.Value)]);
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [objective, .. gradients]);
        GradientClimber climber = new(plan, store, graph.Variables);

        TModel Model(GradientPoint point)
        {
            climber.MoveTo(point.Position);
            return graph.Read(store);
        }

        FitLoopResult<GradientPoint> best = FitLoop.Run(climber.Here(), point => new FitStep<GradientPoint>(point.Value, climber.Next(point)), Model, fit, cancellation: cancellation);
        double total = 0;
        foreach (double weight in graph.Weights) total += weight;
        return new FitResult<TModel>(Model(best.State), best.Bounds, best.Stop, best.Iterations, best.Explanation, graph.Weights.IsEmpty ? graph.LogDensity.Shape[0] : total);
    }
}
