using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>ln p(x, z) of all data at many codes, some codes of each datum at a time.</summary>
internal sealed class JointBlocks : IDisposable
{
    private readonly Tensor _codes;
    private readonly Plan<double> _plan;

    /// <summary>Compiles the evaluation.</summary>
    /// <param name="model">The model, with a batch <c>[N]</c>.</param>
    /// <param name="draws">The codes of each datum in a block.</param>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="store">Where the model's variables have their values.</param>
    public JointBlocks(BlackBoxModel model, int draws, Runtime runtime, VariableStore<double> store)
    {
        (Data, Size, Draws) = (model.Batch[0], model.LatentSize, draws);
        _codes = Tensor.Input("codes", [draws, Data, Size]);
        _plan = Plan<double>.Compile(runtime, store, [model.LogJoint(_codes)]);
    }

    /// <summary>N.</summary>
    public int Data { get; }

    /// <summary>D.</summary>
    public int Size { get; }

    /// <summary>The codes of each datum in a block.</summary>
    public int Draws { get; }

    /// <summary>The values <c>[S, N]</c> at codes <c>[S, N, D]</c> for any S.</summary>
    public double[] Evaluate(ReadOnlySpan<double> codes)
    {
        int count = codes.Length / (Data * Size), block = Draws * Data;
        double[] values = new double[count * Data];
        for (int first = 0; first < count; first += Draws)
        {
            int some = Math.Min(Draws, count - first);
            ReadOnlySpan<double> part = codes.Slice(first * Data * Size, some * Data * Size);
            Span<double> input = _plan.Input(_codes);
            part.CopyTo(input);
            // The last block is filled up with codes it has, whose values are not read.
            for (int at = part.Length; at < block * Size; at += part.Length) part[..Math.Min(part.Length, block * Size - at)].CopyTo(input[at..]);
            _plan.Run();
            _plan.Output(0)[..(some * Data)].CopyTo(values.AsSpan(first * Data));
        }

        return values;
    }

    public void Dispose() => _plan.Dispose();
}
