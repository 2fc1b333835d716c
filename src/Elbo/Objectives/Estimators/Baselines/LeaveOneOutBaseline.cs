using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>The mean of the other draws, bₛ = (1/(S − 1)) Σ_{r≠s} f(zᵣ): Kool, van Hoof and Welling 2019 ("Buy 4 REINFORCE samples, get a baseline for free!"), eq. 8.</summary>
public sealed class LeaveOneOutBaseline : Baseline
{
    /// <inheritdoc/>
    /// <exception cref="ElboException">There is only one draw.</exception>
    public override BaselineTerms Build(Tensor values, Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(values);
        int samples = values.Shape[0];
        if (samples < 2) throw new ElboException("The leave-one-out baseline is the mean of the other draws, so it needs at least 2 samples, not 1.");
        return new BaselineTerms((values.Sum(0, true) - values) * (1.0 / (samples - 1)), null);
    }
}
