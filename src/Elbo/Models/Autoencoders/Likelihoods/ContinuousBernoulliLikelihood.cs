using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>p(x|z) = Πᵢ CB(xᵢ; sigmoid(outputᵢ)), a density on [0, 1] for grey values: Loaiza-Ganem and Cunningham 2019 (arXiv 1907.06845).</summary>
public sealed record ContinuousBernoulliLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override string Title => "continuous Bernoulli";

    /// <inheritdoc/>
    public override (double Minimum, double Maximum) Support => (0, 1);

    /// <inheritdoc/>
    public override LikelihoodHead Declare(string name, Shape rowShape)
    {
        ArgumentNullException.ThrowIfNull(rowShape);
        return new LikelihoodHead(1, [], output => new ContinuousBernoulli(output, rowShape.Rank));
    }

    /// <inheritdoc/>
    public override double[] InitialOutput(IReadOnlyList<double> dataMean) => [.. dataMean.Select(MeanToLogit)];

    /// <summary>The logit whose mean 1/(1 − e⁻ˡ) − 1/l is given, by bisection: the mean rises with l and has no inverse in closed form.</summary>
    internal static double MeanToLogit(double mean)
    {
        double wanted = Math.Clamp(mean, 0.001, 0.999), low = -1100, high = 1100;
        for (int i = 0; i < 80; i++)
        {
            double middle = 0.5 * (low + high);
            double value = Math.Abs(middle) < 1e-4 ? 0.5 + middle / 12 : -1 / double.ExpM1(-middle) - 1 / middle;
            if (value < wanted) low = middle;
            else high = middle;
        }

        return 0.5 * (low + high);
    }
}
