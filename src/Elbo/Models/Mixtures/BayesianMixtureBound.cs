namespace Elbo.Models;

/// <summary>The evidence lower bound of a Bayesian mixture term by term, in nats of all rows together, with every constant.</summary>
/// <param name="Rows">E[ln p(x, z|π, μ, Λ)] − E[ln q(z)] = Σₙ ln Σₖ exp(E ln πₖ + E ln N(xₙ; μₖ, Λₖ⁻¹)).</param>
/// <param name="WeightDivergence">KL(q(π) ‖ p(π)).</param>
/// <param name="ComponentDivergence">KL(q(μ, Λ) ‖ p(μ, Λ)).</param>
public readonly record struct BayesianMixtureBound(double Rows, double WeightDivergence, double ComponentDivergence)
{
    /// <summary>The bound on ln p(x₁ … x_N): <see cref="Rows"/> less both divergences.</summary>
    public double Total => Rows - WeightDivergence - ComponentDivergence;
}
