namespace Elbo.Data;

/// <summary>What a reader found: the rows to train on, and those to test on where the source has its own.</summary>
/// <param name="Train">The rows to train on, or all rows.</param>
/// <param name="Test">The source's own test rows, or null.</param>
/// <param name="Verified">Whether the content is that of the published set: true or false where it is known, null elsewhere.</param>
public sealed record LoadedData(DataSet Train, DataSet? Test = null, bool? Verified = null);
