using Elbo.Inference;

namespace Elbo.Models;

/// <summary>q(π) of a mixture's weights: a Dirichlet distribution, or the sticks of a Dirichlet process cut off after K components. Immutable.</summary>
/// <param name="Prior">The kind of prior.</param>
/// <param name="Concentration">Its α.</param>
/// <param name="Counts">The expected number of rows of each component, <c>[K]</c>.</param>
internal sealed record WeightPosterior(MixtureWeightPrior Prior, double Concentration, double[] Counts)
{
    /// <summary>E[ln πₖ], <c>[K]</c>.</summary>
    public double[] MeanLogs()
    {
        if (Prior == MixtureWeightPrior.Dirichlet) return Dirichlet().MeanLog;
        double[] result = new double[Counts.Length];
        double rest = 0;
        for (int k = 0; k < result.Length; k++)
        {
            bool last = k == result.Length - 1;
            result[k] = rest + (last ? 0 : Stick(k).MeanLog);
            if (!last) rest += Stick(k).MeanLogComplement;
        }

        return result;
    }

    /// <summary>E[πₖ], <c>[K]</c>; they sum to 1.</summary>
    public double[] Means()
    {
        if (Prior == MixtureWeightPrior.Dirichlet) return Dirichlet().Mean;
        double[] result = new double[Counts.Length];
        double rest = 1;
        for (int k = 0; k < result.Length; k++)
        {
            double share = k == result.Length - 1 ? 1 : Stick(k).Mean;
            result[k] = rest * share;
            rest *= 1 - share;
        }

        return result;
    }

    /// <summary>KL(q(π) ‖ p(π)) in nats.</summary>
    public double Kl()
    {
        if (Prior == MixtureWeightPrior.Dirichlet)
        {
            double[] prior = new double[Counts.Length];
            Array.Fill(prior, Concentration);
            return Dirichlet().Kl(new DirichletFactor(prior));
        }

        double sum = 0;
        for (int k = 0; k < Counts.Length - 1; k++) sum += Stick(k).Kl(new BetaFactor(1, Concentration));
        return sum;
    }

    private DirichletFactor Dirichlet() => new(Array.ConvertAll(Counts, count => Concentration + count));

    /// <summary>q(vₖ) = Beta(1 + Nₖ, α + Σ Nⱼ over j &gt; k).</summary>
    private BetaFactor Stick(int k)
    {
        double later = 0;
        for (int j = Counts.Length - 1; j > k; j--) later += Counts[j];
        return new BetaFactor(1 + Counts[k], Concentration + later);
    }
}
