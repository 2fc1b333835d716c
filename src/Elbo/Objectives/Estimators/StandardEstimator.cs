using Elbo.Distributions;
using Elbo.Networks;

namespace Elbo.Objectives;

/// <summary>A gradient estimator as the comparison lists it: what it is called, its formula, where it was published, and what it fits.</summary>
/// <param name="Name">The name: <c>score function, leave-one-out of 2</c>.</param>
/// <param name="Formula">One gradient as a formula, in plain text.</param>
/// <param name="Source">The paper.</param>
/// <param name="Fits">Whether it can estimate the gradient of an expectation.</param>
/// <param name="Create">Makes one for an expectation that it fits.</param>
public sealed record StandardEstimator(string Name, string Formula, string Source, Func<Expectation, bool> Fits, Func<Expectation, GradientEstimator> Create)
{
    /// <summary>Whether it uses how the function splits; the others are given the function whole.</summary>
    public bool UsesSplit { get; init; }

    /// <summary>Every estimator of the library, with the settings it is compared at.</summary>
    public static IReadOnlyList<StandardEstimator> All { get; } =
    [
        new("score function", "f(z)·∇ln q(z)", "Williams 1992, Machine Learning 8", Any, _ => new ScoreFunctionEstimator()),
        new("score function, moving average", "(f(z) − c)·∇ln q(z), c the running mean of f", "Mnih and Gregor 2014, arXiv 1402.0030, section 2.3",
            Any, _ => new ScoreFunctionEstimator(new MovingAverageBaseline())),
        new("score function, leave-one-out of 2", "½Σₛ (f(zₛ) − f(z₋ₛ))·∇ln q(zₛ)", "Kool, van Hoof and Welling 2019, eq. 8", Any, _ => new ScoreFunctionEstimator(new LeaveOneOutBaseline(), 2)),
        new("score function, Rao-Blackwellised", "Σⱼ fⱼ(z)·∇ln q(zᵢ), only terms that depend on zᵢ", "Ranganath, Gerrish and Blei 2014, arXiv 1401.0118, eq. 5",
            expectation => expectation.Split is not null, _ => new ScoreFunctionEstimator())
        { UsesSplit = true },
        new("NVIL, not normalised", "(f(z) − C(x) − c)·∇ln q(z), C a network", "Mnih and Gregor 2014, arXiv 1402.0030, algorithm 1",
            expectation => expectation.Condition is not null, expectation => new NvilEstimator(new Dense("nvil.baseline", expectation.Condition!.Shape[-1], 1), normalizes: false)),
        new("measure-valued", "c·(E₊[f] − E₋[f])", "Mohamed et al. 2020, arXiv 1906.10652, table 1", expectation => MeasureValuedEstimator.Fits(expectation.Distribution), _ => new MeasureValuedEstimator()),
        new("reparameterised", "∇f(g(ε, φ))", "Kingma and Welling 2013, arXiv 1312.6114, section 2.4", expectation => expectation.Distribution is Normal, _ => new ReparameterizedEstimator()),
        new("implicitly reparameterised", "f′(z)·dz/dφ, dz/dφ = −(∂F/∂φ)/q(z)", "Figurnov, Mohamed and Mnih 2018, arXiv 1805.08498, eq. 5",
            expectation => expectation.Distribution is IReparameterizable and not Normal, _ => new ReparameterizedEstimator()),
        new("LAX", "(f(z) − c(z))·∇ln q(z) + ∇c(z), c a network", "Grathwohl et al. 2018, arXiv 1711.00123, eq. 6",
            expectation => !IsDiscrete(expectation) && expectation.Distribution is IReparameterizable, expectation => new RelaxEstimator(Network(expectation))),
        new("REBAR", "(f(b) − ηf(σ(z̃)))·∇ln q(b) + η∇f(σ(z)) − η∇f(σ(z̃))", "Tucker et al. 2017, arXiv 1703.07370, eq. 7", IsDiscrete, _ => new RebarEstimator()),
        new("RELAX", "(f(b) − c(z̃))·∇ln q(b) + ∇c(z) − ∇c(z̃), c a network", "Grathwohl et al. 2018, arXiv 1711.00123, eq. 8",
            IsDiscrete, expectation => new RelaxEstimator(Network(expectation), addsFunction: true)),
        new("Gumbel-softmax, λ = 1", "∇f(σ_λ(l + noise))", "Maddison, Mnih and Teh 2017, arXiv 1611.00712, eq. 8; Jang, Gu and Poole 2017, arXiv 1611.01144, eq. 2", IsDiscrete, _ => new GumbelSoftmaxEstimator(1)),
        new("Gumbel-softmax, λ = 0.1", "∇f(σ_λ(l + noise))", "Maddison, Mnih and Teh 2017, arXiv 1611.00712, eq. 8; Jang, Gu and Poole 2017, arXiv 1611.01144, eq. 2", IsDiscrete, _ => new GumbelSoftmaxEstimator(0.1)),
        new("straight-through Gumbel-softmax, λ = 1", "f′(b)·∇σ_λ(l + noise)", "Jang, Gu and Poole 2017, arXiv 1611.01144, section 2.2", IsDiscrete, _ => new GumbelSoftmaxEstimator(1, straightThrough: true)),
        new("straight-through", "f′(b)·∇p", "Bengio, Léonard and Courville 2013, arXiv 1308.3432, section 4", IsDiscrete, _ => new StraightThroughEstimator()),
    ];

    private static bool Any(Expectation expectation) => true;

    private static bool IsDiscrete(Expectation expectation) => expectation.Distribution is Bernoulli or Categorical;

    private static Sequential Network(Expectation expectation)
    {
        int size = expectation.Distribution.Shape[-1];
        return new([size], [new Dense("relax.0", size, 10), new Activation(ActivationKind.Tanh, [10]), new Dense("relax.1", 10, 1)]);
    }
}
