using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>p(x|z) = Πᵢ Bernoulli(xᵢ; sigmoid(outputᵢ)): Kingma and Welling 2013, eq. 11. Values between 0 and 1 count by the cross-entropy.</summary>
public sealed record BernoulliLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override string Title => "Bernoulli";

    /// <inheritdoc/>
    public override (double Minimum, double Maximum) Support => (0, 1);

    /// <inheritdoc/>
    public override LikelihoodHead Declare(string name, Shape rowShape)
    {
        ArgumentNullException.ThrowIfNull(rowShape);
        return new LikelihoodHead(1, [], output => new Bernoulli(output, rowShape.Rank));
    }

    /// <inheritdoc/>
    public override double[] InitialOutput(IReadOnlyList<double> dataMean) => [.. dataMean.Select(Logit)];
}
