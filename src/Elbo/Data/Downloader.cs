using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>
/// Fetches published files: continues where an earlier attempt stopped, checks the SHA-256, and only then gives the file its name.
/// </summary>
/// <param name="client">The client to ask with; its handler decides about proxies.</param>
/// <param name="stallTimeout">How long to wait for the next bytes; null means a minute.</param>
public sealed class Downloader(HttpClient client, TimeSpan? stallTimeout = null)
{
    private const string Suffix = ".download";
    private const int AttemptsPerAddress = 3;

    private readonly TimeSpan stall = stallTimeout ?? TimeSpan.FromMinutes(1);

    /// <summary>Fetches one file.</summary>
    /// <param name="file">Which.</param>
    /// <param name="folder">The data folder; the file's sub-folders are made in it.</param>
    /// <param name="progress">Told of every block; may be null.</param>
    /// <param name="cancellation">Stops the download; what has arrived is kept for the next attempt.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="ElboException">No address answers, the download breaks off, or the content is not the published one.</exception>
    public async Task<string> FetchAsync(RemoteFile file, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        string target = Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));
        string partial = target + Suffix;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await ReceiveAsync(file, partial, folder, progress, cancellation).ConfigureAwait(false);
            string hash = await HashAsync(partial, cancellation).ConfigureAwait(false);
            if (hash != file.Sha256)
            {
                File.Delete(partial);
                throw new ElboException($"The download of '{file.Path}' is not the published file: its SHA-256 is {hash}, and {file.Sha256} was expected; nothing was kept, so try again later or put the file into '{folder}' by hand.");
            }

            File.Move(partial, target, overwrite: true);
            return target;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ElboException($"'{target}' cannot be written: {FileFailure.Trim(exception.Message)}; free some space, or choose another folder with --data-dir.", exception);
        }
    }

    private async Task ReceiveAsync(RemoteFile file, string partial, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        Exception? last = null;
        foreach (Uri address in file.Addresses)
        {
            for (int attempt = 0; attempt < AttemptsPerAddress; attempt++)
            {
                try
                {
                    if (await TryReceiveAsync(file, address, partial, progress, cancellation).ConfigureAwait(false)) return;
                    last = null;
                }
                // HttpIOException is the connection's end in the middle of the body; any other IOException is the disk's.
                catch (Exception exception) when (exception is HttpRequestException or HttpIOException or TimeoutException)
                {
                    last = exception;
                    if (exception is HttpRequestException) break;
                }
            }
        }

        long received = File.Exists(partial) ? new FileInfo(partial).Length : 0;
        string reason = last is null ? "the server sent less than the whole file" : FileFailure.Trim(last.Message);
        throw received > 0
            ? new ElboException($"The download of '{file.Path}' broke off at {received} of {file.Length} bytes ({reason}); run the same command again to continue it.", last!)
            : new ElboException($"'{file.Path}' cannot be downloaded from {string.Join(" or ", file.Addresses.Select(static address => address.Host))} ({reason}); check the network, or put the file into '{folder}' by hand.", last!);
    }

    /// <summary>One request. True where the file is whole, false where the server sent less and another request may bring the rest.</summary>
    private async Task<bool> TryReceiveAsync(RemoteFile file, Uri address, string partial, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        long start = File.Exists(partial) ? new FileInfo(partial).Length : 0;
        if (start == file.Length) return true;
        if (start > file.Length) start = 0;
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        if (start > 0) request.Headers.Range = new RangeHeaderValue(start, null);
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(stall);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timer.Token).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            // A server that ignores the range, or answers with another, sends the file from its beginning.
            bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == start;
            FileStream output = new(partial, continues ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
            await using (output.ConfigureAwait(false))
            {
                long received = continues ? start : 0;
                Stream body = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
                await using (body.ConfigureAwait(false))
                {
                    byte[] block = new byte[1 << 16];
                    for (int read; (read = await body.ReadAsync(block, timer.Token).ConfigureAwait(false)) > 0;)
                    {
                        timer.CancelAfter(stall);
                        // What is too long is not the file; its hash will say so, and the disk is not filled up.
                        int wanted = (int)Math.Min(read, file.Length - received);
                        await output.WriteAsync(block.AsMemory(0, wanted), timer.Token).ConfigureAwait(false);
                        received += wanted;
                        progress?.Report(new DownloadProgress(file.Path, received, file.Length));
                        if (wanted < read) break;
                    }
                }

                output.Flush(flushToDisk: true);
                return received == file.Length;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no bytes arrived for {stall.TotalSeconds:0} seconds");
        }
    }

    internal static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        FileStream stream = StreamReading.OpenRead(path);
        await using (stream.ConfigureAwait(false))
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false));
    }
}
