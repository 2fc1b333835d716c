namespace Elbo.Models;

/// <summary>What is believed of a mixture's weights before any row is seen.</summary>
public enum MixtureWeightPrior
{
    /// <summary>π ~ Dirichlet(α, …, α): all K components alike. A small α leaves those that are not needed empty.</summary>
    Dirichlet,

    /// <summary>
    /// Sticks vₖ ~ Beta(1, α), πₖ = vₖ ∏ (1 − vⱼ) over j &lt; k: a Dirichlet process whose posterior is cut off after K components (Blei and Jordan, "Variational
    /// inference for Dirichlet process mixtures", 2006). Components are kept in the order of their sizes, which is best for the bound.
    /// </summary>
    DirichletProcess,
}
