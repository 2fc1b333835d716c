using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public sealed class DownloaderTests : IDisposable
{
    private readonly byte[] content = new byte[200_000];
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient client = new();
    private readonly List<string> ranges = [];
    private readonly HttpListener listener = new();
    private readonly string address;

    // What the server does with its n-th request: how many bytes it sends before it hangs up, and whether it knows ranges.
    private Func<int, (int Sent, bool Ranges, int Status)> behavior = static _ => (int.MaxValue, true, 200);

    public DownloaderTests()
    {
        new Random(1).NextBytes(content);
        using (TcpListener probe = new(IPAddress.Loopback, 0))
        {
            probe.Start();
            address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        listener.Prefixes.Add(address);
        listener.Start();
        _ = ServeAsync();
    }

    private RemoteFile File => new("set/file.bin", [new Uri(address + "file.bin")], content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    private string Target => Path.Combine(folder.FullName, "set", "file.bin");

    [Fact]
    public async Task Fetches_a_file_and_tells_how_far_it_is()
    {
        List<DownloadProgress> told = [];
        string path = await new Downloader(client).FetchAsync(File, folder.FullName, new Recorder(told), TestContext.Current.CancellationToken);
        Assert.Equal(Target, path);
        Assert.Equal(content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(new DownloadProgress("set/file.bin", content.Length, content.Length), told[^1]);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Continues_where_an_earlier_attempt_stopped()
    {
        folder.Write("set/file.bin.download", content.AsSpan(0, 70_000));
        await new Downloader(client).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken);
        Assert.Equal(["bytes=70000-"], ranges);
        Assert.Equal(content, System.IO.File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Begins_again_where_the_server_knows_no_ranges()
    {
        behavior = static _ => (int.MaxValue, false, 200);
        folder.Write("set/file.bin.download", new byte[70_000]);
        await new Downloader(client).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken);
        Assert.Equal(content, System.IO.File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_taken_up_again()
    {
        behavior = static request => (request == 0 ? 50_000 : int.MaxValue, true, 200);
        await new Downloader(client).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken);
        Assert.Equal(content, System.IO.File.ReadAllBytes(Target));
        Assert.Equal(2, ranges.Count);
        Assert.StartsWith("bytes=", ranges[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_keeps_breaking_leaves_what_came_for_the_next_time()
    {
        behavior = static _ => (10_000, true, 200);
        ElboException exception = await Assert.ThrowsAsync<ElboException>(() => new Downloader(client).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken));
        Assert.Matches(@"^The download of 'set/file.bin' broke off at \d+ of 200000 bytes \(.+\); run the same command again to continue it\.$", exception.Message);
        Assert.False(System.IO.File.Exists(Target));
        behavior = static _ => (int.MaxValue, true, 200);
        await new Downloader(client).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken);
        Assert.Equal(content, System.IO.File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_file_of_another_content_is_not_kept()
    {
        RemoteFile other = File with { Sha256 = new string('0', 64) };
        ElboException exception = await Assert.ThrowsAsync<ElboException>(() => new Downloader(client).FetchAsync(other, folder.FullName, null, TestContext.Current.CancellationToken));
        Assert.Contains($"its SHA-256 is {File.Sha256}, and {other.Sha256} was expected; nothing was kept", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task A_file_that_is_too_long_does_not_fill_the_disk()
    {
        RemoteFile shorter = File with { Length = 1000 };
        await Assert.ThrowsAsync<ElboException>(() => new Downloader(client).FetchAsync(shorter, folder.FullName, null, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task A_second_address_helps_where_the_first_fails()
    {
        behavior = static request => (int.MaxValue, true, request == 0 ? 404 : 200);
        RemoteFile twice = File with { Addresses = [new Uri(address + "gone.bin"), new Uri(address + "file.bin")] };
        await new Downloader(client).FetchAsync(twice, folder.FullName, null, TestContext.Current.CancellationToken);
        Assert.Equal(content, System.IO.File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Without_a_network_one_sentence_says_what_to_do()
    {
        listener.Stop();
        ElboException exception = await Assert.ThrowsAsync<ElboException>(() => new Downloader(client).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken));
        Assert.Matches(@"^'set/file.bin' cannot be downloaded from 127\.0\.0\.1 \(.+\); check the network, or put the file into '.+' by hand\.$", exception.Message);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_given_up()
    {
        behavior = static _ => (-1, true, 200);
        ElboException exception = await Assert.ThrowsAsync<ElboException>(() => new Downloader(client, TimeSpan.FromMilliseconds(100)).FetchAsync(File, folder.FullName, null, TestContext.Current.CancellationToken));
        Assert.Contains("no bytes arrived", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_there_are_not_fetched_again()
    {
        NamedSet set = NamedSets.Mnist with { Files = [File, File with { Path = "set/other.bin" }] };
        folder.Write("set/file.bin", [1]);
        await NamedSets.FetchAsync(set, folder.FullName, new Downloader(client), null, TestContext.Current.CancellationToken);
        Assert.Single(ranges);
        Assert.Equal([1], System.IO.File.ReadAllBytes(Target));
        Assert.Equal(content, System.IO.File.ReadAllBytes(folder["set/other.bin"]));
    }

    public void Dispose()
    {
        listener.Close();
        client.Dispose();
        folder.Dispose();
    }

    private async Task ServeAsync()
    {
        for (int request = 0; ; request++)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            ranges.Add(context.Request.Headers["Range"] ?? "");
            (int sent, bool knowsRanges, int status) = behavior(request);
            HttpListenerResponse response = context.Response;
            int start = knowsRanges && ranges[^1].Length > 0 ? int.Parse(ranges[^1]["bytes=".Length..^1]) : 0;
            response.StatusCode = status != 200 ? status : start > 0 ? 206 : 200;
            if (start > 0) response.AddHeader("Content-Range", $"bytes {start}-{content.Length - 1}/{content.Length}");
            response.ContentLength64 = content.Length - start;
            if (sent < 0) continue;
            try
            {
                int count = Math.Min(sent, content.Length - start);
                await response.OutputStream.WriteAsync(content.AsMemory(start, count));
                if (count < content.Length - start) response.Abort();
                else response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The client hung up, as it may.
            }
        }
    }

    private sealed class Recorder(List<DownloadProgress> told) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => told.Add(value);
    }
}
