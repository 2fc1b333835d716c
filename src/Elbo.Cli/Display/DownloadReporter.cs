using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;

namespace Elbo.Cli.Display;

/// <summary>Tells how far a download is: one line redrawn for a person, one line a file otherwise.</summary>
internal sealed class DownloadReporter : IProgress<DownloadProgress>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Terminal terminal;
    private readonly bool quiet;
    private readonly System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
    private TimeSpan next;
    private string file = "";
    private int width;

    private DownloadReporter(Terminal terminal, bool quiet) => (this.terminal, this.quiet) = (terminal, quiet);

    public static DownloadReporter Create(Terminal terminal, bool quiet) => new(terminal, quiet);

    public void Report(DownloadProgress value)
    {
        if (quiet) return;
        bool done = value.Received == value.Total;
        if (!terminal.IsInteractive)
        {
            if (value.File != file) terminal.Error.WriteLine($"Downloading {value.File} ({Text.Bytes(value.Total)}).");
            file = value.File;
            return;
        }

        if (!done && clock.Elapsed < next) return;
        next = clock.Elapsed + Pause;
        string line = $"{value.File}  {Text.Bytes(value.Received)} of {Text.Bytes(value.Total)}  {Text.Percent((double)value.Received / value.Total)}";
        terminal.Error.Write("\r" + line.PadRight(width));
        width = line.Length;
        if (done) terminal.Error.WriteLine();
    }

    public void Dispose()
    {
        if (terminal.IsInteractive && width > 0) terminal.Error.Flush();
    }
}
