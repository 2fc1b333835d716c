using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>What an optimizer builds its updates from: scalars that change from step to step, moments that live beside the parameters.</summary>
public sealed class OptimizerContext
{
    private readonly Dictionary<string, Parameter> _moments;
    private readonly Dictionary<string, StepScalar> _scalars = new(StringComparer.Ordinal);
    private readonly List<Update> _updates = [];
    private readonly Tensor? _apply;

    /// <summary>Creates a context.</summary>
    /// <param name="moments">The moments made so far, by name; plans of several batch sizes share them.</param>
    /// <param name="apply">A scalar that is 0 where the step must change nothing; null where every step counts.</param>
    internal OptimizerContext(Dictionary<string, Parameter> moments, Tensor? apply)
    {
        _moments = moments;
        _apply = apply;
    }

    /// <summary>The learning rate η of the step, after the schedule.</summary>
    public Tensor Rate => Scalar("rate", static (_, rate) => rate);

    internal IReadOnlyCollection<StepScalar> Scalars => _scalars.Values;

    internal IReadOnlyList<Update> Updates => _updates;

    /// <summary>A scalar computed once a step outside the graph, such as a bias correction.</summary>
    /// <param name="name">Its name; the same name is the same scalar.</param>
    /// <param name="value">Its value from the number t of the step, 1 for the first, and the step's learning rate.</param>
    public Tensor Scalar(string name, Func<long, double, double> value)
    {
        if (!_scalars.TryGetValue(name, out StepScalar? scalar))
            _scalars.Add(name, scalar = new StepScalar(Tensor.Input($"optimizer.{name}", Shape.Scalar), value));
        return scalar.Input;
    }

    /// <summary>A tensor of the parameter's shape that lives from step to step, saved in checkpoints under <c>parameter/name</c>.</summary>
    /// <param name="parameter">The parameter it belongs to.</param>
    /// <param name="name">Its name: <c>adam.m</c>.</param>
    /// <param name="initial">Its value before the first step.</param>
    public Variable Moment(Parameter parameter, string name, double initial = 0)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        string full = $"{parameter.Name}/{name}";
        if (!_moments.TryGetValue(full, out Parameter? moment))
            _moments.Add(full, moment = new Parameter(full, parameter.Shape, Initializer.Constant(initial), isTrainable: false));
        return moment.Variable;
    }

    /// <summary>Assigns a variable at the end of the step, unless the step is skipped.</summary>
    /// <param name="variable">The parameter's or a moment's variable.</param>
    /// <param name="value">Its new value.</param>
    public void Assign(Variable variable, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        _updates.Add(new Update(variable, _apply is null ? value : Tensor.Where(_apply, value, variable)));
    }
}

/// <summary>A scalar input and the function of step and rate that fills it.</summary>
internal sealed record StepScalar(Tensor Input, Func<long, double, double> Value);
