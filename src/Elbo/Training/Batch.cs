using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>The placeholders that a model builds its graph on; the trainer fills them before each step.</summary>
/// <param name="Input">What the encoder sees <c>[B, ...row]</c>; it may be corrupted.</param>
/// <param name="Target">The clean rows <c>[B, ...row]</c>.</param>
/// <param name="Labels">The class of each row as whole numbers <c>[B]</c>, or null where the data have none.</param>
/// <param name="Step">The number of finished training steps, a scalar; fractions never occur.</param>
/// <param name="Epoch">The number of finished epochs with its fraction, a scalar, so that warm-ups are graph expressions.</param>
public sealed record Batch(Tensor Input, Tensor Target, Tensor? Labels, Tensor Step, Tensor Epoch);
