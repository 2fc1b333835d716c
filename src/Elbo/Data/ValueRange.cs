namespace Elbo.Data;

/// <summary>The smallest and largest value of a data set, as the model sees them: bytes count as 0 to 1.</summary>
/// <param name="Minimum">The smallest value; NaN where every value is missing.</param>
/// <param name="Maximum">The largest value; NaN where every value is missing.</param>
/// <param name="MissingValues">How many values are NaN.</param>
public readonly record struct ValueRange(double Minimum, double Maximum, long MissingValues);
