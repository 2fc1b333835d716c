using System.Diagnostics;
using Elbo.Cli.Display;
using Elbo.Inference;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Follows a fit: shows it, and saves the model it has come to every few seconds.</summary>
/// <param name="folder">Where to save; null where a saved model is no help.</param>
/// <param name="checkpoint">What to save; its current model is set here.</param>
/// <param name="size">The size under way.</param>
/// <param name="what">The size under way in words.</param>
/// <param name="display">Where to show.</param>
/// <param name="seconds">The time spent until now, by which a resumed run knows its whole time.</param>
internal sealed class FitTracker(RunFolder? folder, RowCheckpoint checkpoint, int size, string what, FitDisplay display, Func<double> seconds) : IProgress<FitProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly List<double> bounds = [.. checkpoint.EarlierBounds];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next = Pause;

    /// <summary>Whether the start under way is the last, so that its model is all that a resumed fit needs.</summary>
    public bool IsLastStart { get; private set; }

    public void Report(FitProgress value)
    {
        display.Show(what, value);
        IsLastStart = value.Restarts == 1;
        // Starts that compete begin anew from their seeds, to the same result.
        if (folder is null || !IsLastStart || value.Model is null) return;
        if (value.Iteration == 1) bounds.Clear();
        if (clock.Elapsed >= next && bounds.Count == value.Iteration - 1)
        {
            checkpoint.CurrentSize = size;
            checkpoint.Current = value.Model();
            checkpoint.EarlierBounds = [.. bounds];
            checkpoint.Seconds = seconds();
            checkpoint.Save(folder);
            next = clock.Elapsed + Pause;
        }

        bounds.Add(value.Bound);
    }
}
