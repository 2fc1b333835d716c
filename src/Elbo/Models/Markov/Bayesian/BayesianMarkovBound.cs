namespace Elbo.Models;

/// <summary>The evidence lower bound of a Bayesian hidden Markov model term by term, in nats of all sequences together, with every constant.</summary>
/// <param name="Sequences">E[ln p(x, z|π, A, θ)] − E[ln q(z)]: the sum over all paths of exp(E ln π + Σ E ln A + Σ E ln p(xₜ|zₜ)), its logarithm summed over sequences.</param>
/// <param name="StartDivergence">KL(q(π) ‖ p(π)).</param>
/// <param name="TransitionDivergence">KL(q(A) ‖ p(A)).</param>
/// <param name="EmissionDivergence">KL(q(θ) ‖ p(θ)).</param>
public readonly record struct BayesianMarkovBound(double Sequences, double StartDivergence, double TransitionDivergence, double EmissionDivergence)
{
    /// <summary>The bound on the evidence: <see cref="Sequences"/> less the divergences.</summary>
    public double Total => Sequences - StartDivergence - TransitionDivergence - EmissionDivergence;
}
