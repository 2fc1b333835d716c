using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The numbers a distribution is made of, and the same family over other numbers: what an estimator needs to differentiate in them alone,
/// however else the function depends on them.
/// </summary>
/// <param name="Values">The parameters, each of the distribution's shape.</param>
/// <param name="Rebuild">The family over other parameters.</param>
internal sealed record FamilyParameters(Tensor[] Values, Func<Tensor[], Distribution> Rebuild)
{
    /// <summary>The parameters of a family known here, else null.</summary>
    public static FamilyParameters? Of(Distribution distribution)
    {
        int rank = distribution.EventRank;
        Shape shape = distribution.Shape;
        return distribution switch
        {
            Bernoulli q => new([q.Logits], values => new Bernoulli(values[0], rank)),
            Categorical q => new([q.Logits], values => new Categorical(values[0], rank)),
            Normal q => new([q.Mean, q.LogScale.BroadcastTo(shape)], values => Normal.FromLogScale(values[0], values[1], rank)),
            Gamma q => new([q.Concentration.BroadcastTo(shape), q.Rate.BroadcastTo(shape)], values => new Gamma(values[0], values[1], rank)),
            Beta q => new([q.Concentration1.BroadcastTo(shape), q.Concentration0.BroadcastTo(shape)], values => new Beta(values[0], values[1], rank)),
            _ => null,
        };
    }

    /// <summary>The family over the same numbers as new nodes, and those nodes.</summary>
    public (Distribution Family, Tensor[] Nodes) Detached()
    {
        Tensor[] nodes = Array.ConvertAll(Values, value => value.StopGradient());
        return (Rebuild(nodes), nodes);
    }

    /// <summary>A tensor <c>[batch...]</c> whose gradient in each parameter is the given one.</summary>
    /// <param name="gradients">The gradients, of the parameters' shapes.</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public Tensor Carry(Tensor[] gradients, int eventRank)
    {
        Tensor sum = gradients.Zip(Values, (gradient, value) => gradient.StopGradient() * value).Aggregate((a, b) => a + b);
        return eventRank == 0 ? sum : sum.Sum([.. Enumerable.Range(sum.Shape.Rank - eventRank, eventRank)]);
    }
}
