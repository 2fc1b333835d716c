using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// Gradient ascent on the exact marginal likelihood: limited-memory BFGS with backtracking (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 3.1), so
/// that every iteration raises the likelihood, as those of EM do. Where EM crawls (little noise, overlapping components) it needs far fewer iterations.
/// </summary>
public static class MarginalAscent
{
    private const int Memory = 12, MostHalvings = 40;

    /// <summary>Armijo's share of the promised gain that a step must bring.</summary>
    private const double Sufficient = 1e-4;

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
        Climber climber = new(plan, store, graph.Variables);

        TModel Model(Point point)
        {
            climber.MoveTo(point.Position);
            return graph.Read(store);
        }

        FitLoopResult<Point> best = FitLoop.Run(climber.Here(), climber.Step, Model, fit, cancellation: cancellation);
        double total = 0;
        foreach (double weight in graph.Weights) total += weight;
        return new FitResult<TModel>(Model(best.State), best.Bounds, best.Stop, best.Iterations, best.Explanation, graph.Weights.IsEmpty ? graph.LogDensity.Shape[0] : total);
    }

    /// <summary>A place, the likelihood and gradient there, and the last moves that led to it.</summary>
    private sealed record Point(double[] Position, double Value, double[] Gradient, IReadOnlyList<Move> Moves);

    /// <summary>A step s and the fall y of the gradient along it, with sᵀy > 0.</summary>
    private sealed record Move(double[] Step, double[] Fall, double Curvature);

    private sealed class Climber(Plan<double> plan, VariableStore<double> store, IReadOnlyList<Variable> variables)
    {
        private readonly int size = variables.Sum(variable => variable.Shape.ElementCount);

        public Point Here()
        {
            double[] position = new double[size];
            int at = 0;
            foreach (Variable variable in variables)
            {
                store[variable].CopyTo(position.AsSpan(at));
                at += variable.Shape.ElementCount;
            }

            (double value, double[] gradient) = Evaluate(position);
            return new Point(position, value, gradient, []);
        }

        public void MoveTo(double[] position)
        {
            int at = 0;
            foreach (Variable variable in variables)
            {
                position.AsSpan(at, variable.Shape.ElementCount).CopyTo(store[variable]);
                at += variable.Shape.ElementCount;
            }
        }

        public FitStep<Point> Step(Point point) => new(point.Value, Next(point, Direction(point)) ?? (point.Moves.Count > 0 ? Next(point with { Moves = [] }, point.Gradient) : null) ?? point);

        private (double Value, double[] Gradient) Evaluate(double[] position)
        {
            MoveTo(position);
            plan.Run();
            double[] gradient = new double[size];
            int at = 0;
            for (int i = 0; i < variables.Count; i++)
            {
                plan.Output(i + 1).CopyTo(gradient.AsSpan(at));
                at += variables[i].Shape.ElementCount;
            }

            return (plan.Output(0)[0], gradient);
        }

        /// <summary>The longest of ever halved steps that raises the likelihood enough; null where none does.</summary>
        private Point? Next(Point point, double[] direction)
        {
            double slope = VectorMath.Dot(direction, point.Gradient);
            if (!(slope > 0)) return null;
            // Without a notion of curvature the first step has length 1 at most.
            double length = point.Moves.Count > 0 ? 1 : Math.Min(1, 1 / Math.Sqrt(VectorMath.Dot(direction, direction)));
            for (int halving = 0; halving < MostHalvings; halving++, length /= 2)
            {
                double[] position = [.. point.Position];
                VectorMath.AddScaled(length, direction, position);
                (double value, double[] gradient) = Evaluate(position);
                if (!(value >= point.Value + Sufficient * length * slope) || !Array.TrueForAll(gradient, double.IsFinite)) continue;
                return new Point(position, value, gradient, Remember(point, direction, length, gradient));
            }

            return null;
        }

        private static IReadOnlyList<Move> Remember(Point point, double[] direction, double length, double[] gradient)
        {
            double[] step = new double[direction.Length], fall = [.. point.Gradient];
            VectorMath.AddScaled(length, direction, step);
            VectorMath.AddScaled(-1, gradient, fall);
            double curvature = VectorMath.Dot(step, fall);
            return curvature > 1e-12 * Math.Sqrt(VectorMath.Dot(step, step) * VectorMath.Dot(fall, fall))
                ? [.. point.Moves.Skip(Math.Max(0, point.Moves.Count - Memory + 1)), new Move(step, fall, curvature)]
                : point.Moves;
        }

        /// <summary>The two loops: the gradient times the inverse Hessian that the last moves suggest.</summary>
        private static double[] Direction(Point point)
        {
            double[] direction = [.. point.Gradient];
            double[] shares = new double[point.Moves.Count];
            for (int i = shares.Length - 1; i >= 0; i--)
            {
                Move move = point.Moves[i];
                shares[i] = VectorMath.Dot(move.Step, direction) / move.Curvature;
                VectorMath.AddScaled(-shares[i], move.Fall, direction);
            }

            if (shares.Length > 0)
            {
                Move last = point.Moves[^1];
                double scale = last.Curvature / VectorMath.Dot(last.Fall, last.Fall);
                foreach (ref double value in direction.AsSpan()) value *= scale;
            }

            for (int i = 0; i < shares.Length; i++)
            {
                Move move = point.Moves[i];
                VectorMath.AddScaled(shares[i] - VectorMath.Dot(move.Fall, direction) / move.Curvature, move.Step, direction);
            }

            return direction;
        }
    }
}
