using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>How Hamiltonian Monte Carlo moves.</summary>
public sealed record HamiltonianOptions
{
    /// <summary>L, the leapfrog steps of a transition, at least 1.</summary>
    public int LeapfrogSteps { get; init; } = 10;

    /// <summary>ε at the start, above 0.</summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>The acceptance rate that adaptation aims at, in (0, 1); 0.9 in Kingma and Welling 2013, appendix E.</summary>
    public double TargetAcceptance { get; init; } = 0.9;

    internal void Check()
    {
        if (LeapfrogSteps < 1) throw new ElboException($"{LeapfrogSteps} leapfrog steps were asked for; at least 1 is needed.");
        if (!(StepSize > 0 && double.IsFinite(StepSize))) throw new ElboException($"The step size of Hamiltonian Monte Carlo is {StepSize}; it must be above 0.");
        if (!(TargetAcceptance is > 0 and < 1)) throw new ElboException($"The target acceptance rate is {TargetAcceptance}; it must lie between 0 and 1.");
    }
}

/// <summary>
/// Hamiltonian Monte Carlo with leapfrog steps and a Metropolis test, for many independent chains at once: Neal 2011 ("MCMC using Hamiltonian dynamics"),
/// section 3.2. A transition is one compiled plan.
/// </summary>
public sealed class HamiltonianMonteCarlo : IDisposable
{
    private readonly VariableStore<double> _store;
    private readonly Plan<double> _plan;
    private readonly Tensor _stepSize;
    private readonly HamiltonianOptions _options;
    private readonly RandomStream _stream;
    private double _logStepSize;
    private long _transitions;
    private long _adapted;

    /// <summary>Compiles the sampler; all chains start at 0 until <see cref="State"/> is written.</summary>
    /// <param name="logDensity">ln p up to a constant, from <c>[chains..., D]</c> to <c>[chains...]</c>.</param>
    /// <param name="shape">The shape of the state, <c>[chains..., D]</c>.</param>
    /// <param name="options">How to move; null for the defaults.</param>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="store">Where the state lives, and the variables that the density reads.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <exception cref="ElboException">An option is out of its range, or the density does not give one number for each chain.</exception>
    public HamiltonianMonteCarlo(Func<Tensor, Tensor> logDensity, Shape shape, HamiltonianOptions? options, Runtime runtime, VariableStore<double> store, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(store);
        _options = options ?? new HamiltonianOptions();
        _options.Check();
        _store = store;
        _stream = new RandomStream(seed);
        _logStepSize = Math.Log(_options.StepSize);
        _stepSize = Tensor.Input("stepSize", Shape.Scalar);
        Variable = new Variable("hmc.state", shape);
        _ = store[Variable];

        Tensor start = Variable.Value, momentum = Tensor.RandomNormal(shape, 1), position = start, initial = Density(start), density = initial;
        Tensor initialMomentum = momentum;
        for (int step = 0; step < _options.LeapfrogSteps; step++)
        {
            momentum += density.Sum().Gradients(position)[0] * _stepSize * 0.5;
            position += momentum * _stepSize;
            density = Density(position);
            momentum += density.Sum().Gradients(position)[0] * _stepSize * 0.5;
        }

        Tensor change = density - initial + (initialMomentum.Square().Sum(-1) - momentum.Square().Sum(-1)) * 0.5;
        // A trajectory that diverged has no number here; no comparison with it holds, so it is rejected.
        Tensor accepted = change.Greater(Tensor.RandomUniform(change.Shape, 2).Log());
        Tensor next = Tensor.Where(accepted.Reshape([.. accepted.Shape, 1]), position, start);
        _plan = Plan<double>.Compile(runtime, store, [accepted.Mean()], [new Update(Variable, next)]);

        Tensor Density(Tensor at)
        {
            Tensor value = logDensity(at);
            Shape expected = Shape.Create(shape.AsSpan()[..^1]);
            return value.Shape.Equals(expected) ? value : throw new ElboException($"The log density must give one number for each chain, {expected} for states {shape}, but it gives {value.Shape}.");
        }
    }

    /// <summary>The state as a variable, which other graphs over the same store can read.</summary>
    public Variable Variable { get; }

    /// <summary>The state of the chains, row-major <c>[chains..., D]</c>; write it to choose where they start.</summary>
    public Span<double> State => _store[Variable];

    /// <summary>ε as adapted so far.</summary>
    public double StepSize => Math.Exp(_logStepSize);

    /// <summary>The part of the chains' proposals that the last call of <see cref="Run"/> accepted.</summary>
    public double AcceptanceRate { get; private set; }

    /// <summary>Makes transitions of all chains.</summary>
    /// <param name="transitions">How many, at least 1.</param>
    /// <param name="adapt">Whether the step size moves towards the target acceptance rate; draws made meanwhile are not exact.</param>
    public void Run(int transitions, bool adapt = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        double sum = 0;
        for (int i = 0; i < transitions; i++)
        {
            _plan.Input(_stepSize)[0] = Math.Exp(_logStepSize);
            _plan.Run(_stream.Split((ulong)_transitions++));
            double rate = _plan.Output(0)[0];
            sum += rate;
            // Robbins and Monro 1951, with steps that fall like 1/√t so that early mistakes are forgotten.
            if (adapt) _logStepSize += (rate - _options.TargetAcceptance) / Math.Sqrt(++_adapted);
        }

        AcceptanceRate = sum / transitions;
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}
