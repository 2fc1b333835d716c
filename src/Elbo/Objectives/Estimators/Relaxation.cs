using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// Discrete draws as a function of continuous ones: z = l + noise, b = H(z); and z̃, a second draw of z given b: Tucker et al. 2017
/// (arXiv 1703.07370), appendix C. Gradients flow to the logits through z and z̃, not through b.
/// </summary>
/// <param name="Continuous">z, <c>[S, batch..., event...]</c>.</param>
/// <param name="Discrete">b: 0 or 1, or one-hot.</param>
/// <param name="Conditional">z̃ ~ p(z | b); null where it was not asked for.</param>
internal sealed record Relaxation(Tensor Continuous, Tensor Discrete, Tensor? Conditional)
{
    /// <summary>Draws, for the two discrete families; null for others.</summary>
    public static Relaxation? Of(Distribution distribution, int samples, ulong key, ulong? conditionalKey = null) => distribution switch
    {
        Bernoulli bernoulli => Of(bernoulli, samples, key, conditionalKey),
        Categorical categorical => Of(categorical, samples, key, conditionalKey),
        _ => null,
    };

    /// <summary>σ(z/λ) or softmax(z/λ), which tends to b as λ falls to 0: Maddison et al. 2017 (arXiv 1611.00712); Jang et al. 2017 (arXiv 1611.01144).</summary>
    public static Tensor Soften(Distribution distribution, Tensor continuous, Tensor temperature) =>
        distribution is Bernoulli ? (continuous / temperature).Sigmoid() : (continuous / temperature).Softmax();

    private static Relaxation Of(Bernoulli q, int samples, ulong key, ulong? conditionalKey)
    {
        Shape shape = Shape.Create([samples, .. q.Shape]);
        Tensor z = q.Logits + Logit(Tensor.RandomUniform(shape, key));
        Tensor b = z.Greater(0.0);
        if (conditionalKey is not { } second) return new Relaxation(z, b, null);
        // ln(v/((1 − v)(1 − p)) + 1) for b = 1 and −ln(v/((1 − v)p) + 1) for b = 0, by softplus so that neither end overflows.
        Tensor odds = Logit(Tensor.RandomUniform(shape, second));
        Tensor sign = b * 2.0 - 1.0;
        return new Relaxation(z, b, sign * (odds + (sign * q.Logits).Softplus()).Softplus());
    }

    private static Relaxation Of(Categorical q, int samples, ulong key, ulong? conditionalKey)
    {
        Shape shape = Shape.Create([samples, .. q.Shape]);
        int classes = q.Shape[-1];
        Tensor z = q.LogProbabilities + Tensor.RandomGumbel(shape, key);
        // In float two perturbed logits can tie; the first of them wins, so that b always has exactly one 1.
        Tensor rank = Tensor.Where(z.EqualTo(z.Max(-1, true)), -Tensor.Range(classes), -(double)classes);
        Tensor b = rank.EqualTo(rank.Max(-1, true));
        if (conditionalKey is not { } second) return new Relaxation(z, b, null);
        // The largest of all perturbed logits is a standard Gumbel; the others are cut off at it: −ln(−ln vᵢ/pᵢ − ln vₖ).
        Tensor gumbel = Tensor.RandomGumbel(shape, second);
        Tensor top = (b * gumbel).Sum(-1, true), own = gumbel + q.LogProbabilities;
        Tensor truncated = top - (top - own).Softplus();
        return new Relaxation(z, b, Tensor.Where(b, top, truncated));
    }

    private static Tensor Logit(Tensor uniform) => uniform.Log() - (-uniform).Log1p();
}
