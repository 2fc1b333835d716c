using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Inference;

/// <summary>
/// One step of gradient ascent in double precision as one compiled plan: objectives, each by its own parameters, and state. For problems without
/// minibatches; the <see cref="Trainer"/> is for those.
/// </summary>
internal sealed class AscentStep : IDisposable
{
    private readonly Plan<double> _plan;
    private readonly StepScalar[] _scalars;
    private readonly double _learningRate;

    /// <summary>Compiles the step.</summary>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="store">Where the parameters live, their first values drawn.</param>
    /// <param name="outputs">What each step reports, computed before the parameters move.</param>
    /// <param name="objectives">What to maximise.</param>
    /// <param name="updates">Further assignments.</param>
    /// <param name="optimizer">How gradients move parameters.</param>
    public AscentStep(Runtime runtime, VariableStore<double> store, IReadOnlyList<Tensor> outputs, IReadOnlyList<Objective> objectives, IReadOnlyList<Update> updates, Optimizer optimizer)
    {
        optimizer.Validate();
        Dictionary<string, Parameter> moments = [];
        OptimizerContext context = new(moments, null);
        foreach (Objective objective in objectives)
        {
            Parameter[] trained = [.. objective.Parameters.Where(parameter => parameter.IsTrainable)];
            Tensor[] gradients = (-objective.Value).Gradients([.. trained.Select(parameter => parameter.Value)]);
            for (int i = 0; i < trained.Length; i++) optimizer.Build(trained[i], gradients[i], context);
        }

        moments.Values.Initialize(store, default);
        _plan = Plan<double>.Compile(runtime, store, outputs, [.. updates, .. context.Updates]);
        _scalars = [.. context.Scalars];
        _learningRate = optimizer.LearningRate;
    }

    /// <summary>Runs a step.</summary>
    /// <param name="step">Its number, from 0.</param>
    /// <param name="rateFactor">What the learning rate is multiplied by.</param>
    /// <param name="stream">The random stream of the step.</param>
    public void Run(long step, double rateFactor, RandomStream stream)
    {
        foreach (StepScalar scalar in _scalars) _plan.Input(scalar.Input)[0] = scalar.Value(step + 1, _learningRate * rateFactor);
        _plan.Run(stream);
    }

    /// <summary>The values of an input, to be written before a step.</summary>
    public Span<double> Input(Tensor input) => _plan.Input(input);

    /// <summary>The values of an output after a step.</summary>
    public ReadOnlySpan<double> Output(int index) => _plan.Output(index);

    public void Dispose() => _plan.Dispose();
}
