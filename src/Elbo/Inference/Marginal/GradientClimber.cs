using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// Limited-memory BFGS with backtracking (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 3.1): every step raises the objective.
/// </summary>
/// <param name="plan">Whose output 0 is the objective, and whose next outputs are its gradients by the variables.</param>
/// <param name="store">Where the variables live.</param>
/// <param name="variables">What to move.</param>
internal sealed class GradientClimber(Plan<double> plan, VariableStore<double> store, IReadOnlyList<Variable> variables)
{
    private const int Memory = 12, MostHalvings = 40;

    /// <summary>Armijo's share of the promised gain that a step must bring.</summary>
    private const double Sufficient = 1e-4;

    private readonly int size = variables.Sum(variable => variable.Shape.ElementCount);

    /// <summary>Where the variables stand.</summary>
    public GradientPoint Here()
    {
        double[] position = new double[size];
        int at = 0;
        foreach (Variable variable in variables)
        {
            store[variable].CopyTo(position.AsSpan(at));
            at += variable.Shape.ElementCount;
        }

        (double value, double[] gradient) = Evaluate(position);
        return new GradientPoint(position, value, gradient, []);
    }

    /// <summary>Moves the variables.</summary>
    public void MoveTo(double[] position)
    {
        int at = 0;
        foreach (Variable variable in variables)
        {
            position.AsSpan(at, variable.Shape.ElementCount).CopyTo(store[variable]);
            at += variable.Shape.ElementCount;
        }
    }

    /// <summary>A higher point; the same where none is found, even straight up the gradient.</summary>
    public GradientPoint Next(GradientPoint point) =>
        Next(point, Direction(point)) ?? (point.Moves.Count > 0 ? Next(point with { Moves = [] }, point.Gradient) : null) ?? point;

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

    /// <summary>The longest of ever halved steps that raises the objective enough; null where none does.</summary>
    private GradientPoint? Next(GradientPoint point, double[] direction)
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
            return new GradientPoint(position, value, gradient, Remember(point, direction, length, gradient));
        }

        return null;
    }

    private static IReadOnlyList<GradientMove> Remember(GradientPoint point, double[] direction, double length, double[] gradient)
    {
        double[] step = new double[direction.Length], fall = [.. point.Gradient];
        VectorMath.AddScaled(length, direction, step);
        VectorMath.AddScaled(-1, gradient, fall);
        double curvature = VectorMath.Dot(step, fall);
        return curvature > 1e-12 * Math.Sqrt(VectorMath.Dot(step, step) * VectorMath.Dot(fall, fall))
            ? [.. point.Moves.Skip(Math.Max(0, point.Moves.Count - Memory + 1)), new GradientMove(step, fall, curvature)]
            : point.Moves;
    }

    /// <summary>The two loops: the gradient times the inverse Hessian that the last moves suggest.</summary>
    private static double[] Direction(GradientPoint point)
    {
        double[] direction = [.. point.Gradient];
        double[] shares = new double[point.Moves.Count];
        for (int i = shares.Length - 1; i >= 0; i--)
        {
            GradientMove move = point.Moves[i];
            shares[i] = VectorMath.Dot(move.Step, direction) / move.Curvature;
            VectorMath.AddScaled(-shares[i], move.Fall, direction);
        }

        if (shares.Length > 0)
        {
            GradientMove last = point.Moves[^1];
            double scale = last.Curvature / VectorMath.Dot(last.Fall, last.Fall);
            foreach (ref double value in direction.AsSpan()) value *= scale;
        }

        for (int i = 0; i < shares.Length; i++)
        {
            GradientMove move = point.Moves[i];
            VectorMath.AddScaled(shares[i] - VectorMath.Dot(move.Fall, direction) / move.Curvature, move.Step, direction);
        }

        return direction;
    }
}

/// <summary>A place, the objective and gradient there, and the last moves that led to it.</summary>
internal sealed record GradientPoint(double[] Position, double Value, double[] Gradient, IReadOnlyList<GradientMove> Moves);

/// <summary>A step s and the fall y of the gradient along it, with sᵀy > 0.</summary>
internal sealed record GradientMove(double[] Step, double[] Fall, double Curvature);
