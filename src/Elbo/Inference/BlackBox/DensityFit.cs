using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Inference;

/// <summary>
/// The two ways of fitting a family to a density p known up to its constant: the reverse KL(q ‖ p), which avoids places where p is small and so chooses
/// a mode, and the forward KL(p ‖ q), which covers all of p. Bishop 2006, section 10.1.2 and figures 10.2 and 10.3.
/// </summary>
public static class DensityFit
{
    /// <summary>Minimises KL(q ‖ p): the bound is −KL + ln Z, where Z is p's constant.</summary>
    /// <param name="logDensity">ln p up to a constant, from <c>[..., D]</c> to <c>[...]</c>.</param>
    /// <param name="size">D.</param>
    /// <param name="guide">The family of q.</param>
    /// <param name="options">How to climb; null for the defaults.</param>
    /// <param name="runtime">The workers to run on; null for one thread.</param>
    public static BlackBoxResult Reverse(Func<Tensor, Tensor> logDensity, int size, Guide guide, BlackBoxOptions? options = null, Runtime? runtime = null) =>
        BlackBoxInference.Fit(new BlackBoxModel(size, logDensity), guide, options, runtime);

    /// <summary>
    /// Minimises KL(p ‖ q) by self-normalised importance sampling from q itself (<see cref="WakePhaseEstimator"/>), so q must start wide enough to find
    /// all of p.
    /// </summary>
    /// <inheritdoc cref="Reverse"/>
    /// <param name="logDensity">ln p up to a constant, from <c>[..., D]</c> to <c>[...]</c>.</param>
    /// <param name="size">D.</param>
    /// <param name="guide">The family of q; its density must be known at any point.</param>
    /// <param name="options">How to climb; null for the defaults. Its estimator is replaced unless it is a <see cref="WakePhaseEstimator"/>.</param>
    /// <param name="runtime">The workers to run on; null for one thread.</param>
    public static BlackBoxResult Forward(Func<Tensor, Tensor> logDensity, int size, Guide guide, BlackBoxOptions? options = null, Runtime? runtime = null)
    {
        ArgumentNullException.ThrowIfNull(guide);
        if (!guide.HasDensity) throw new ElboException($"The forward KL needs ln q at any point, which {guide.GetType().Name} does not give; use coupling layers or a normal family.");
        options ??= new BlackBoxOptions();
        if (options.Estimator is not WakePhaseEstimator) options = options with { Estimator = new WakePhaseEstimator(500) };
        return BlackBoxInference.Fit(new BlackBoxModel(size, logDensity), guide, options, runtime);
    }
}
