namespace Elbo.Data;

/// <summary>A file of a published data set: where it lies in a data folder, where to get it, and how to know it.</summary>
/// <param name="Path">Its place in a data folder, with forward slashes: <c>mnist/train-images-idx3-ubyte.gz</c>.</param>
/// <param name="Addresses">Where to download it, tried in order.</param>
/// <param name="Length">The length in bytes of the file as published.</param>
/// <param name="Sha256">The SHA-256 of the file as published, in lower-case hexadecimal.</param>
/// <param name="ContentSha256">The SHA-256 of what a gzip file unpacks to, where it is known: copies may be packed differently.</param>
public sealed record RemoteFile(string Path, IReadOnlyList<Uri> Addresses, long Length, string Sha256, string? ContentSha256 = null);
