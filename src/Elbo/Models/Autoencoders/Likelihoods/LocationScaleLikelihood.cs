using System.Text.Json.Serialization;
using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>What the Gaussian and the Laplace likelihood share: a location from the decoder and a scale from one of four places.</summary>
/// <param name="Variance">Where the scale comes from.</param>
/// <param name="Scale">The fixed scale, or where a learned one starts; positive.</param>
/// <param name="Mean">How the decoder's output becomes the location.</param>
/// <param name="MinimumLogScale">
/// The least ln scale, where it is learned. A decoder that reproduces an element exactly would otherwise raise its density without end.
/// </param>
public abstract record LocationScaleLikelihood(VarianceKind Variance, double Scale, MeanKind Mean, double? MinimumLogScale) : Likelihood
{
    /// <inheritdoc/>
    public sealed override LikelihoodHead Declare(string name, Shape rowShape)
    {
        ArgumentNullException.ThrowIfNull(rowShape);
        if (!(Scale > 0 && double.IsFinite(Scale)))
            throw new ElboException($"The scale of a likelihood must be a positive number, but it is {Scale}.");
        double logScale = Math.Log(Scale);
        if (Variance is VarianceKind.Fixed)
            return new LikelihoodHead(1, [], output => Create(Location(output), logScale, rowShape.Rank));
        if (MinimumLogScale is { } least && !(logScale > least))
            throw new ElboException($"A learned scale starts at {Scale}, which is not above the least allowed, e^{least} = {Math.Exp(least):G3}; raise scale or lower minimumLogScale.");
        double start = MinimumLogScale is { } floor ? floor + Math.Log(double.ExpM1(logScale - floor)) : logScale;
        if (Variance is VarianceKind.Predicted)
        {
            int axis = -rowShape.Rank, first = rowShape[0];
            // The second half of the outputs starts near 0, so the predicted ln scale starts near ln Scale.
            return new LikelihoodHead(2, [], output => Create(Location(output.Slice(axis, 0, first)), Limit(output.Slice(axis, first, first) + start), rowShape.Rank));
        }

        Parameter parameter = new($"{name}.logScale", Variance is VarianceKind.Learned ? Shape.Scalar : rowShape, Initializer.Constant(start));
        return new LikelihoodHead(1, [parameter], output => Create(Location(output), Limit(parameter), rowShape.Rank));
    }

    /// <inheritdoc/>
    public sealed override double[] InitialOutput(IReadOnlyList<double> dataMean) => [.. Mean is MeanKind.Sigmoid ? dataMean.Select(Logit) : dataMean];

    /// <summary>Creates the distribution.</summary>
    /// <param name="location">The location, <c>[..., B, ...row]</c>.</param>
    /// <param name="logScale">ln of the scale, broadcasting to it.</param>
    /// <param name="eventRank">The rank of a row.</param>
    protected abstract Distribution Create(Tensor location, Tensor logScale, int eventRank);

    private Tensor Location(Tensor output) => Mean is MeanKind.Sigmoid ? output.Sigmoid() : output;

    // m + softplus(l − m) rather than a clamp: below the limit a clamp has no gradient to come back by.
    private Tensor Limit(Tensor logScale) => MinimumLogScale is { } least ? (logScale - least).Softplus() + least : logScale;
}
