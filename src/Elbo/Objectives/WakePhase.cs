using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>What wake-sleep needs of a batch: draws z ~ q(z|x) that no gradient passes through, and the log densities there.</summary>
/// <param name="Latent">z, <c>[B, D]</c> or <c>[S, B, D]</c>.</param>
/// <param name="LogPosterior">ln q(z|x), <c>[B]</c> or <c>[S, B]</c>.</param>
/// <param name="LogPrior">ln p(z).</param>
/// <param name="Reconstruction">ln p(x|z).</param>
internal sealed record WakePhase(Tensor Latent, Tensor LogPosterior, Tensor LogPrior, Tensor Reconstruction)
{
    /// <summary>Draws and scores.</summary>
    public static WakePhase Of(BoundContext context, int samples, string objective)
    {
        if (context.Posterior is PointMass)
            throw new ElboException($"The objective '{objective}' draws codes from the posterior; a deterministic encoder has none to draw. Use the objective 'elbo', or a Gaussian posterior.");
        int[] leading = samples == 1 ? [] : [samples];
        Tensor latent = context.Posterior.Sample(context.Layers.NextKey(), leading);
        return new WakePhase(latent, context.Posterior.LogDensity(latent), context.Prior.LogDensity(latent), context.Condition(latent).LogDensity(context.Target));
    }

    /// <summary>The sleep phase: ln q(z|x) of one dream for each row, <c>[B]</c>; no gradient flows into what dreamt.</summary>
    public static Tensor Sleep(BoundContext context)
    {
        Func<Tensor, Distribution> infer = context.Infer
            ?? throw new ElboException("The sleep phase infers codes from dreamt rows, but the bound was not given the encoder.");
        Tensor latent = context.Prior.Sample(context.Layers.NextKey(), context.Target.Shape[0]);
        Tensor dream = context.Condition(latent).Sample(context.Layers.NextKey());
        return infer(dream.Reshape(context.Target.Shape)).LogDensity(latent);
    }
}
