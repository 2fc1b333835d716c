using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// A N(0, σ²) prior on every trained parameter, so that training finds the maximum a posteriori: −(1/N)·ln p(θ) beside a mean over rows, without
/// its constant. Kingma and Welling 2013, section 5, with σ = 1.
/// </summary>
/// <param name="Scale">σ, positive.</param>
public sealed record ParameterPriorRegularizer(double Scale = 1) : Regularizer
{
    /// <inheritdoc/>
    public override string Name => "parameterPrior";

    /// <inheritdoc/>
    public override Tensor Penalty(RegularizerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!(Scale > 0 && double.IsFinite(Scale))) throw new ElboException($"The scale of the prior on parameters must be a positive number, but it is {Scale}.");
        if (context.TrainingRows is not { } rows || rows < 1)
            throw new ElboException("A prior on the parameters counts once beside all training rows, so their number must be given with the data's statistics.");
        Tensor sum = 0.0;
        foreach (Parameter parameter in context.Parameters)
            if (parameter.IsTrainable) sum += parameter.Value.Square().Sum();
        return sum * (0.5 / (Scale * Scale) / rows);
    }
}
