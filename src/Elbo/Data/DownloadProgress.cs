namespace Elbo.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file, as in <see cref="RemoteFile.Path"/>.</param>
/// <param name="Received">Bytes on disk, those of an earlier attempt included.</param>
/// <param name="Total">Bytes of the whole file.</param>
public readonly record struct DownloadProgress(string File, long Received, long Total);
