using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Inference;

/// <summary>
/// Monte Carlo EM one iteration at a time, for who wants to look at θ on the way or stop by another rule than a number of iterations;
/// <see cref="MonteCarloEm.Fit"/> is the whole.
/// </summary>
public sealed class MonteCarloEmProcess : IDisposable
{
    private readonly MonteCarloEmOptions _options;
    private readonly HamiltonianMonteCarlo _sampler;
    private readonly AscentStep _maximization;
    private long _steps;

    /// <summary>Draws the first θ and the first states of the chains, from N(0, I), and compiles both steps.</summary>
    /// <param name="model">The model; it must have parameters.</param>
    /// <param name="options">The transitions and steps of an iteration, the optimizer and the seed; numbers of iterations are the caller's.</param>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="logPrior">ln p(θ) up to a constant, added to the objective once beside all data; null for none.</param>
    /// <exception cref="ElboException">The model has no parameters, or an option is out of its range.</exception>
    public MonteCarloEmProcess(BlackBoxModel model, MonteCarloEmOptions options, Runtime runtime, Tensor? logPrior = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(runtime);
        options.Check();
        if (model.Parameters.Count == 0) throw new ElboException("Monte Carlo EM learns the model's parameters, but the model has none; sample its posterior by Hamiltonian Monte Carlo instead.");
        _options = options;
        RandomStream root = new(options.Seed);
        model.Parameters.Initialize(Store, root.Split(0));
        _sampler = new HamiltonianMonteCarlo(model.LogJoint, [options.Chains, .. model.Batch, model.LatentSize], options.Hamiltonian, runtime, Store, options.Seed);
        RandomStream start = root.Split(1);
        for (int i = 0; i < State.Length; i++) State[i] = start.Normal((ulong)i);
        Tensor joint = model.LogJoint(_sampler.Variable.Value).Sum() * (1.0 / options.Chains);
        _maximization = new AscentStep(runtime, Store, [joint], [new Objective(logPrior is null ? joint : joint + logPrior, model.Parameters)], [], options.Optimizer ?? new Adam(0.02));
    }

    /// <summary>Where θ and the chains live.</summary>
    public VariableStore<double> Store { get; } = new();

    /// <summary>The draws, row-major <c>[chains, batch..., D]</c>.</summary>
    public Span<double> State => _sampler.State;

    /// <summary>The iterations made.</summary>
    public int Iterations { get; private set; }

    /// <summary>The mean of ln p(x, z) over chains, summed over data, before the last iteration's first step on θ; NaN before there was one.</summary>
    public double LogJoint { get; private set; } = double.NaN;

    /// <summary>The acceptance rate of the last E-step.</summary>
    public double AcceptanceRate => _sampler.AcceptanceRate;

    /// <summary>Makes an E-step and an M-step.</summary>
    /// <param name="rateFactor">What the learning rate is multiplied by.</param>
    /// <param name="maximizes">Whether θ moves; without it the chains only find the posterior.</param>
    /// <param name="adapts">Whether the step size of the chains moves towards its target acceptance rate.</param>
    /// <exception cref="ElboException">ln p is not a number.</exception>
    public void Iterate(double rateFactor = 1, bool maximizes = true, bool adapts = true)
    {
        _sampler.Run(_options.Transitions, adapts);
        Iterations++;
        if (!maximizes) return;
        for (int i = 0; i < _options.MaximizationSteps; i++)
        {
            _maximization.Run(_steps++, rateFactor, default);
            if (i == 0) LogJoint = _maximization.Output(0)[0];
        }

        if (!double.IsFinite(LogJoint))
            throw new ElboException($"ln p(x, z) of iteration {Iterations} is {LogJoint}; lower the learning rate, or scale the data to values near 1.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sampler.Dispose();
        _maximization.Dispose();
        Store.Dispose();
    }
}
