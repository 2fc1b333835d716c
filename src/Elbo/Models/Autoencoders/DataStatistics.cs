namespace Elbo.Models.Autoencoders;

/// <summary>What a model may want to know of its training data before it starts.</summary>
/// <param name="Rows">The number of training rows, at least 1.</param>
/// <param name="Mean">The mean of each element of a row, in row-major order; null where it is not known.</param>
public sealed record DataStatistics(long Rows, IReadOnlyList<double>? Mean = null);
