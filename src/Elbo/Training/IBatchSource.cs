using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>
/// Where batches come from. A batch is a function of its step alone: the same step gives the same bytes in any process, in any order of
/// asking, so that a run resumes exactly and a failing step can be made again.
/// </summary>
public interface IBatchSource
{
    /// <summary>The shape of one row: <c>[n]</c> or <c>[C, H, W]</c>.</summary>
    Shape RowShape { get; }

    /// <summary>Rows in a batch.</summary>
    int BatchSize { get; }

    /// <summary>Batches in one pass over the rows.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>Whether rows have labels.</summary>
    bool HasLabels { get; }

    /// <summary>Whether the encoder sees something else than the target, such as damaged rows.</summary>
    bool HasSeparateInput { get; }

    /// <summary>Writes a batch; allocates nothing.</summary>
    /// <param name="step">The step from 0, counted on over the epochs.</param>
    /// <param name="target">Receives the clean rows, <c>[BatchSize, ...row]</c>.</param>
    /// <param name="input">Receives what the encoder sees, or is empty where <see cref="HasSeparateInput"/> is false.</param>
    /// <param name="labels">Receives one label a row, or is empty where nobody asks for them.</param>
    /// <returns>How many rows at the beginning count: all of them in training; the last batch of an evaluation may have fewer.</returns>
    int Fill(long step, Span<float> target, Span<float> input, Span<float> labels);

    /// <summary>The numbers of the rows of a batch in the data, to name a row that makes trouble.</summary>
    /// <param name="step">The step from 0, counted on over the epochs.</param>
    ReadOnlySpan<int> Rows(long step);
}
