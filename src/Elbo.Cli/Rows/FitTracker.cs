using System.Diagnostics;
using Elbo.Cli.Display;
using Elbo.Inference;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Follows one start of a fit: shows it, and saves the model it has come to every few seconds.</summary>
/// <param name="folder">Where to save; null where a saved model is no help.</param>
/// <param name="checkpoint">What to save; its current model is set here.</param>
/// <param name="what">The size under way in words.</param>
/// <param name="start">The number of the start and of all starts; null where the fit counts them itself.</param>
/// <param name="display">Where to show.</param>
/// <param name="seconds">The time spent until now, by which a resumed run knows its whole time.</param>
internal sealed class FitTracker(RunFolder? folder, RowCheckpoint checkpoint, string what, (int Number, int Of)? start, FitDisplay display, Func<double> seconds) : IProgress<FitProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly List<double> bounds = [.. checkpoint.EarlierBounds];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next = Pause;

    public void Report(FitProgress value)
    {
        display.Show(what, start is { } known ? value with { Restart = known.Number, Restarts = known.Of } : value);
        if (folder is null || value.Model is null) return;
        if (value.Iteration == 1) bounds.Clear();
        if (value.Iteration > 1 && clock.Elapsed >= next && bounds.Count == value.Iteration - 1)
        {
            checkpoint.Current = value.Model();
            checkpoint.EarlierBounds = [.. bounds];
            checkpoint.Seconds = seconds();
            checkpoint.Save(folder);
            next = clock.Elapsed + Pause;
        }

        bounds.Add(value.Bound);
    }
}
