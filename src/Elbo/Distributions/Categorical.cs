using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The categorical distribution over one-hot vectors, by its logits: ln p(x) = Σₖ xₖ·(lₖ − ln Σⱼ e^lⱼ). The last dimension holds the classes;
/// an event of rank above 1 is several independent choices.
/// </summary>
public sealed class Categorical : Distribution
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="logits">Unnormalised log probabilities, <c>[batch..., event..., classes]</c>.</param>
    /// <param name="eventRank">How many trailing dimensions form one event, the classes included: at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="eventRank"/> is below 1 or above the rank.</exception>
    public Categorical(Tensor logits, int eventRank = 1) : base(logits?.Shape!, eventRank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(eventRank, 1);
        Logits = logits!;
        LogProbabilities = logits!.LogSoftmax();
    }

    /// <summary>The unnormalised log probabilities as given.</summary>
    public Tensor Logits { get; }

    /// <summary>ln p of each class, of shape <see cref="Distribution.Shape"/>.</summary>
    public Tensor LogProbabilities { get; }

    /// <summary>The probability of each class.</summary>
    public override Tensor Mean => LogProbabilities.Exp();

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SumOverEvent(value * LogProbabilities);
    }

    /// <inheritdoc/>
    public override Tensor Entropy() => -SumOverEvent(Mean * LogProbabilities);

    /// <summary>One-hot draws by the Gumbel-max trick: the class with the largest lₖ + gₖ.</summary>
    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading)
    {
        Tensor perturbed = LogProbabilities.StopGradient() + Tensor.RandomGumbel(WithLeading(leading), key);
        int classes = Shape[-1];
        // In float two perturbed logits can tie; the first of them wins, so that a draw always has exactly one 1.
        Tensor rank = Tensor.Where(perturbed.EqualTo(perturbed.Max(-1, true)), -Tensor.Range(classes), -(double)classes);
        return rank.EqualTo(rank.Max(-1, true));
    }

    /// <inheritdoc/>
    protected internal override Tensor? KlTo(Distribution other) => other is Categorical p
        ? SumOverEvent(Mean * (LogProbabilities - p.LogProbabilities))
        : null;
}
