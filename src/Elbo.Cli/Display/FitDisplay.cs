using System.Diagnostics;
using System.Globalization;
using Elbo.Cli.Hosting;
using Elbo.Inference;

namespace Elbo.Cli.Display;

/// <summary>Shows how far an iterative fit is: one line redrawn for a person, lines now and then for a file, nothing when asked for quiet.</summary>
internal sealed class FitDisplay(Terminal terminal, bool quiet)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(5);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next = TimeSpan.FromMilliseconds(300);
    private int width;

    /// <summary>Shows an iteration.</summary>
    /// <param name="what">The size under way, as <c>4 components</c>; empty where there is none to name.</param>
    /// <param name="progress">Where it stands.</param>
    public void Show(string what, FitProgress progress)
    {
        if (quiet || clock.Elapsed < next) return;
        next = clock.Elapsed + (terminal.IsInteractive ? Redraw : PlainPause);
        Write(Describe(what, progress));
    }

    /// <summary>Clears the line.</summary>
    public void End()
    {
        if (width == 0) return;
        terminal.Error.Write("\r" + new string(' ', width) + "\r");
        terminal.Error.Flush();
        width = 0;
    }

    /// <summary>Says something that stays.</summary>
    public void Say(string sentence)
    {
        if (quiet) return;
        End();
        terminal.Error.WriteLine(sentence);
    }

    public static string Describe(string what, FitProgress progress)
    {
        string start = progress.Restarts > 1 ? string.Create(CultureInfo.InvariantCulture, $"start {progress.Restart} of {progress.Restarts}, ") : "";
        string gain = double.IsFinite(progress.Gain) ? string.Create(CultureInfo.InvariantCulture, $" (+{Math.Max(0, progress.Gain):0.0e+0})") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{(what.Length > 0 ? what + ", " : "")}{start}iteration {progress.Iteration}: {progress.Bound:0.0000} nats per row{gain}");
    }

    private void Write(string line)
    {
        if (!terminal.IsInteractive)
        {
            terminal.Error.WriteLine(line);
            return;
        }

        terminal.Error.Write("\r" + line.PadRight(width));
        width = line.Length;
    }
}
