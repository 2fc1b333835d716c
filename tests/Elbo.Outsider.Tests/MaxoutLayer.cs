using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Outsider.Tests;

/// <summary>A layer the library does not have: the larger of two linear maps, entry by entry (Goodfellow et al. 2013).</summary>
internal sealed class MaxoutLayer(string name, int inputs, int outputs) : Layer
{
    private readonly Parameter _weight = new($"{name}.weight", [inputs, 2 * outputs], Initializer.HeNormal);
    private readonly Parameter _bias = new($"{name}.bias", [2 * outputs], Initializer.Zeros);

    public override Shape OutputShape => [outputs];

    public override IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    public override Tensor Apply(Tensor x, LayerContext context)
    {
        Tensor both = x.MatMul(_weight) + _bias;
        return both.Slice(-1, 0, outputs).Maximum(both.Slice(-1, outputs, outputs));
    }
}
