using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>How a marginal likelihood is estimated.</summary>
public sealed record MarginalLikelihoodOptions
{
    /// <summary>How many codes from N(0, I) are tried for each datum; its chain starts at the best. At least 1.</summary>
    public int Candidates { get; init; } = 64;

    /// <summary>The transitions in which the chains find the posterior and their step size, at least 0.</summary>
    public int BurnIn { get; init; } = 20;

    /// <summary>L, the posterior draws that the density is fitted to, and as many again for the reciprocal estimate; at least 2. 50 in Kingma and Welling 2013, appendix D.</summary>
    public int Draws { get; init; } = 50;

    /// <summary>The importance samples for each datum, at least 2.</summary>
    public int ImportanceSamples { get; init; } = 200;

    /// <summary>How the chains move; 4 leapfrog steps by default, as in appendix D.</summary>
    public HamiltonianOptions Hamiltonian { get; init; } = new() { LeapfrogSteps = 4 };

    /// <summary>Decides every draw.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        foreach ((int value, int least, string name) in new[] { (Candidates, 1, "candidates"), (BurnIn, 0, "transitions of burn-in"), (Draws, 2, "posterior draws"), (ImportanceSamples, 2, "importance samples") })
            if (value < least) throw new ElboException($"The marginal likelihood was to be estimated with {value} {name}; at least {least} are needed.");
    }
}

/// <summary>Two estimates of ln p(x) that err to opposite sides.</summary>
/// <param name="LogLikelihood">ln p(x) of each datum by importance sampling, in nats; too low in expectation.</param>
/// <param name="Reciprocal">ln p(x) of each datum from posterior draws, Kingma and Welling 2013, appendix D; too high in expectation where the fitted density has the lighter tails.</param>
/// <param name="AcceptanceRate">The mean acceptance rate of the chains after the burn-in.</param>
public sealed record MarginalLikelihoodResult(IReadOnlyList<double> LogLikelihood, IReadOnlyList<double> Reciprocal, double AcceptanceRate)
{
    /// <summary>The mean of <see cref="LogLikelihood"/>.</summary>
    public double Mean => LogLikelihood.Average();

    /// <summary>The standard error of <see cref="Mean"/> over the data; 0 for one datum.</summary>
    public double StandardError => LogLikelihood.Count < 2 ? 0 : Math.Sqrt(LogLikelihood.Sum(value => (value - Mean) * (value - Mean)) / (LogLikelihood.Count - 1.0) / LogLikelihood.Count);

    /// <summary>The mean of <see cref="Reciprocal"/>.</summary>
    public double ReciprocalMean => Reciprocal.Average();
}

/// <summary>
/// ln p(x) of a model with few latent dimensions, without an encoder: Hamiltonian Monte Carlo draws from the posterior of each datum, a normal is fitted to the
/// draws, moved twice by its own weighted draws, and that is the proposal of an importance sampler. Kingma and Welling 2013 (arXiv 1312.6114), appendix D, whose own estimate from the same draws is
/// given beside it, (1/L Σ q(zₗ)/p(x, zₗ))⁻¹.
/// </summary>
public static class MarginalLikelihood
{
    // Enough codes at once to fill the workers, few enough to stay in the cache.
    private const int BlockSize = 2000;

    // The proposal is wider than the fitted normal, and a t with heavier tails still, so that weights stay bounded.
    private const double Widening = 1.2;
    private const int DegreesOfFreedom = 8;

    // Rounds in which the proposal moves, and the draws that what it was counts for in each.
    private const int Rounds = 2;
    private const double OwnDraws = 10;

    /// <summary>Estimates ln p(x) of each datum. The numbers depend on the seed alone, not on the number of threads.</summary>
    /// <param name="model">The model, with a batch of data of rank 1; N(0, I) should be a fair guess of where its codes lie.</param>
    /// <param name="store">Where the model's variables have their values; the chains' state is added.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="runtime">The workers to run on; null for one thread.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ElboException">An option is out of its range, the batch is not of rank 1, or ln p(x, z) is a number nowhere for some datum.</exception>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public static MarginalLikelihoodResult Estimate(
        BlackBoxModel model, VariableStore<double> store, MarginalLikelihoodOptions? options = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(store);
        options ??= new MarginalLikelihoodOptions();
        options.Check();
        if (model.Batch.Rank != 1) throw new ElboException($"The marginal likelihood is estimated for a batch of data [N], but the model's batch is {model.Batch}.");
        using Runtime? own = runtime is null ? new Runtime(1) : null;
        Runtime workers = runtime ?? own!;
        int data = model.Batch[0], size = model.LatentSize;
        RandomStream root = new(options.Seed);
        using JointBlocks joint = new(model, Math.Max(1, BlockSize / data), workers, store);

        using HamiltonianMonteCarlo chains = new(model.LogJoint, [data, size], options.Hamiltonian, workers, store, options.Seed);
        Start(chains.State, joint, options.Candidates, root.Split(0));
        for (int i = 0; i < options.BurnIn; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            chains.Run(1, adapt: true);
        }

        double[] draws = new double[2L * options.Draws * data * size];
        double acceptance = 0;
        for (int i = 0; i < 2 * options.Draws; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            chains.Run(1);
            acceptance += chains.AcceptanceRate / (2 * options.Draws);
            chains.State.CopyTo(draws.AsSpan(i * data * size));
        }

        int half = options.Draws * data * size;
        FittedNormal[] fitted = [.. Enumerable.Range(0, data).Select(n => FittedNormal.Of(draws.AsSpan(0, half), n, data, size))];
        double[] reciprocal = Reciprocal(draws.AsSpan(half), joint, fitted, options.Draws);
        for (int round = 0; round < Rounds; round++) fitted = Adapted(joint, fitted, Math.Max(2, options.ImportanceSamples / 2), root.Split(2).Split((ulong)round), cancellation);
        return new MarginalLikelihoodResult(Importance(joint, fitted, options.ImportanceSamples, root.Split(1), cancellation), reciprocal, acceptance);
    }

    /// <summary>Puts each chain at the best of some codes.</summary>
    private static void Start(Span<double> state, JointBlocks joint, int candidates, RandomStream stream)
    {
        int data = joint.Data, size = joint.Size;
        double[] codes = new double[(long)candidates * data * size];
        for (int i = 0; i < codes.Length; i++) codes[i] = stream.Normal((ulong)i);
        double[] values = joint.Evaluate(codes);
        for (int n = 0; n < data; n++)
        {
            int best = Enumerable.Range(0, candidates).MaxBy(c => double.IsNaN(values[c * data + n]) ? double.NegativeInfinity : values[c * data + n]);
            if (!double.IsFinite(values[best * data + n])) throw new ElboException($"ln p(x, z) of datum {n} is not a finite number at any of {candidates} codes; check the model, or try more candidates.");
            codes.AsSpan((best * data + n) * size, size).CopyTo(state[(n * size)..]);
        }
    }

    /// <summary>−ln (1/L) Σ q(zₗ)/p(x, zₗ) over posterior draws.</summary>
    private static double[] Reciprocal(ReadOnlySpan<double> draws, JointBlocks joint, FittedNormal[] fitted, int count)
    {
        int data = joint.Data, size = joint.Size;
        double[] values = joint.Evaluate(draws), result = new double[data], terms = new double[count];
        for (int n = 0; n < data; n++)
        {
            for (int s = 0; s < count; s++) terms[s] = fitted[n].LogDensity(draws.Slice((s * data + n) * size, size)) - values[s * data + n];
            result[n] = Math.Log(count) - VectorMath.LogSumExp(terms);
        }

        return result;
    }

    /// <summary>ln (1/S) Σ p(x, zₛ)/q(zₛ) over draws of the widened proposal.</summary>
    private static double[] Importance(JointBlocks joint, FittedNormal[] fitted, int count, RandomStream stream, CancellationToken cancellation) =>
        Array.ConvertAll(Weigh(joint, fitted, count, stream, cancellation).Terms, each => VectorMath.LogSumExp(each) - Math.Log(count));

    /// <summary>The proposal moved by its own weighted draws: a chain of few draws often knows the posterior's place and not yet its size.</summary>
    private static FittedNormal[] Adapted(JointBlocks joint, FittedNormal[] fitted, int count, RandomStream stream, CancellationToken cancellation)
    {
        (double[] codes, double[][] terms) = Weigh(joint, fitted, count, stream, cancellation);
        return [.. fitted.Select((normal, n) =>
        {
            double total = VectorMath.LogSumExp(terms[n]);
            return normal.Moved(codes, Array.ConvertAll(terms[n], term => Math.Exp(term - total)), n, joint.Data, OwnDraws);
        })];
    }

    /// <summary>Draws of the widened proposals, <c>[S, N, D]</c>, and ln p(x, z)/q(z) of each, <c>[N][S]</c>.</summary>
    private static (double[] Codes, double[][] Terms) Weigh(JointBlocks joint, FittedNormal[] fitted, int count, RandomStream stream, CancellationToken cancellation)
    {
        int data = joint.Data, size = joint.Size;
        double[] codes = new double[(long)count * data * size], proposals = new double[count * data];
        for (int i = 0; i < proposals.Length; i++)
            proposals[i] = fitted[i % data].Draw(stream.Split((ulong)i), codes.AsSpan(i * size, size), Widening, DegreesOfFreedom);
        cancellation.ThrowIfCancellationRequested();
        double[] values = joint.Evaluate(codes);
        return (codes, [.. Enumerable.Range(0, data).Select(n => Enumerable.Range(0, count).Select(s => values[s * data + n] - proposals[s * data + n]).ToArray())]);
    }
}
