using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Cli.Runs;

/// <summary>Decodes codes and draws from the prior, in blocks.</summary>
internal static class LatentDecoder
{
    private const int Block = 100;

    /// <summary>E[x|z] for codes <c>[count, D]</c>: <c>[count, ...row]</c>.</summary>
    public static float[] Decode(FittedRun run, ReadOnlySpan<float> codes)
    {
        LatentVariableModel model = run.Model;
        int size = model.LatentSize, count = codes.Length / size, row = model.RowShape.ElementCount, block = Math.Clamp(count, 1, Block);
        Tensor latent = Tensor.Input("latent", [block, size]);
        using Plan<float> plan = Plan<float>.Compile(run.Runtime, run.Store, [model.Decode(latent)]);
        float[] result = new float[checked(count * row)];
        for (int start = 0; start < count; start += block)
        {
            int rows = Math.Min(block, count - start);
            codes.Slice(start * size, rows * size).CopyTo(plan.Input(latent));
            plan.Run();
            plan.Output(0)[..(rows * row)].CopyTo(result.AsSpan(start * row));
        }

        return result;
    }

    /// <summary>Draws from the prior, <c>[count, D]</c>; the first draws of a seed are the same whatever the count.</summary>
    public static float[] DrawPrior(FittedRun run, int count, ulong seed)
    {
        LatentVariableModel model = run.Model;
        using Plan<float> plan = Plan<float>.Compile(run.Runtime, run.Store, [model.SamplePrior(Block)]);
        float[] result = new float[checked(count * model.LatentSize)];
        RandomStream root = new(seed);
        for (int start = 0; start < count; start += Block)
        {
            plan.Run(root.Split((ulong)start));
            plan.Output(0)[..(Math.Min(Block, count - start) * model.LatentSize)].CopyTo(result.AsSpan(start * model.LatentSize));
        }

        return result;
    }
}
