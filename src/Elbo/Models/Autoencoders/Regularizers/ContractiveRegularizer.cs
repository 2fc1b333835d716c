using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// λ·E‖∂code/∂x‖²: Rifai et al. 2011 (Contractive Auto-Encoders), eq. 1. In closed form for an encoder of one layer; else exact by one
/// backward pass for each entry of the code, or estimated without bias by random projections, ‖∂(v·code)/∂x‖² with v ~ N(0, I).
/// </summary>
/// <param name="Weight">λ, at least 0.</param>
/// <param name="Projections">The number of random projections; 0 for the exact norm.</param>
public sealed record ContractiveRegularizer(double Weight = 0.1, int Projections = 0) : Regularizer
{
    /// <inheritdoc/>
    public override string Name => "contraction";

    /// <inheritdoc/>
    public override Tensor Penalty(RegularizerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        CheckWeight(Weight);
        if (Projections < 0) throw new ElboException($"The number of projections must be at least 0, but it is {Projections}.");
        if (Projections == 0 && context.SquaredJacobian is { } closedForm) return closedForm().Mean() * Weight;

        // The rows of a batch do not meet in the encoder, so the gradient of a sum over rows holds each row's own gradient.
        Tensor sum = 0.0;
        int terms = Projections == 0 ? context.Code.Shape[-1] : Projections;
        for (int i = 0; i < terms; i++)
        {
            Tensor projected = Projections == 0
                ? context.Code.Slice(-1, i, 1)
                : context.Code * Tensor.RandomNormal(context.Code.Shape, context.Layers.NextKey());
            sum += projected.Sum().Gradients(context.Input)[0].Square().Sum();
        }

        return sum * (Weight / context.Code.Shape[0] / Math.Max(1, Projections));
    }
}
