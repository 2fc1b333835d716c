using System.Numerics;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>
/// A compiled graph over blocks of rows. Every block has the plan's static size; the last is filled up with its own first row, and what comes out for the
/// filling is not read, so every row counts exactly once.
/// </summary>
internal sealed class RowPlan<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor _input;
    private readonly Plan<T> _plan;
    private readonly float[] _row;

    public RowPlan(Runtime runtime, VariableStore<T> store, LatentVariableModel model, int batchSize, Func<Tensor, Tensor[]> build)
    {
        BatchSize = batchSize;
        _input = Tensor.Input("rows", Shape.Create([batchSize, .. model.RowShape]));
        _plan = Plan<T>.Compile(runtime, store, build(_input));
        _row = new float[model.RowShape.ElementCount];
    }

    public int BatchSize { get; }

    /// <summary>Fills the input with rows from <paramref name="start"/> on, and says how many of them are real.</summary>
    public int Load(IRowSource rows, int start)
    {
        Span<T> input = _plan.Input(_input);
        int count = Math.Min(BatchSize, rows.Count - start);
        for (int i = 0; i < BatchSize; i++)
        {
            Span<T> target = input.Slice(i * _row.Length, _row.Length);
            if (i >= count)
            {
                input[.._row.Length].CopyTo(target);
                continue;
            }

            rows.Read(start + i, _row);
            for (int j = 0; j < _row.Length; j++) target[j] = T.CreateTruncating(_row[j]);
        }

        return count;
    }

    public void Run(RandomStream stream = default) => _plan.Run(stream);

    public ReadOnlySpan<T> Output(int index) => _plan.Output(index);

    public void Dispose() => _plan.Dispose();
}
