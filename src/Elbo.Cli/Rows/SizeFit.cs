using System.Diagnostics;
using Elbo.Cli.Display;
using Elbo.Cli.Families;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Fits one size, one start after another, so that whoever stops it loses neither a start that is done nor the one under way.</summary>
/// <param name="family">The family.</param>
/// <param name="values">Its choices.</param>
/// <param name="rows">The rows.</param>
/// <param name="options">When to stop, how often to start.</param>
/// <param name="given">The model to start from; null to start as the choices say.</param>
/// <param name="folder">Where to save.</param>
/// <param name="checkpoint">What the size has come to.</param>
/// <param name="seconds">The time spent until now.</param>
internal sealed class SizeFit(
    Family family, SettingValues values, LoadedObservations rows, FitOptions options, RowModel? given, RunFolder folder, RowCheckpoint checkpoint, Func<double> seconds)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Stopwatch sinceSaved = Stopwatch.StartNew();

    public required int Size { get; init; }

    /// <summary>The size in words.</summary>
    public required string Words { get; init; }

    public required FitDisplay Display { get; init; }

    public required Runtime Runtime { get; init; }

    /// <summary>Whether a model saved in the middle of a start helps: an extrapolation depends on the states before it too.</summary>
    private bool GoesOn => family.GoesOn && !options.Accelerate;

    /// <summary>Whether the starts of a fit are run by themselves and so are not lost.</summary>
    public static bool KeepsStarts(Family family, FitOptions options) => family.GoesOn && options.Restarts > 1;

    /// <summary>Fits the size.</summary>
    /// <returns>How it ended, and the number of the start that was kept where there were several; null where somebody stopped it, with all saved.</returns>
    /// <exception cref="ElboException">It cannot be fitted.</exception>
    public (FitResult<RowModel> Result, int? Start)? Run(CancellationToken cancellation)
    {
        if (checkpoint.CurrentSize != Size) checkpoint.Begin(Size);
        if (given is null && KeepsStarts(family, options)) return Several(cancellation);
        return One(options, given, null, cancellation) is { } result ? (result, null) : null;
    }

    private (FitResult<RowModel> Result, int? Start)? Several(CancellationToken cancellation)
    {
        FitOptions brief = options with { Restarts = 1, MaxIterations = Math.Min(Restarts.ShortIterations, options.MaxIterations) };
        while (checkpoint.StartsDone < options.Restarts)
        {
            int number = checkpoint.StartsDone + 1;
            try
            {
                if (One(brief with { FirstStart = number }, null, number, cancellation) is not { } result) return null;
                if (checkpoint.Kept is not { } best || result.Elbo > best.Result.Elbo) checkpoint.Kept = new KeptStart(number, result);
            }
            catch (ElboException exception)
            {
                checkpoint.StartFailure ??= exception.Message;
                checkpoint.ForgetCurrent();
            }

            checkpoint.StartsDone = number;
            if (sinceSaved.Elapsed >= Pause) Save();
        }

        if (checkpoint.Kept is not { } kept) throw new ElboException(checkpoint.StartFailure!);
        FitResult<RowModel> whole = kept.Result;
        if (whole.Stop == FitStop.IterationLimit && whole.Iterations < options.MaxIterations)
        {
            FitOptions rest = options with { Restarts = 1, EarlierBounds = [.. whole.Bounds.SkipLast(1)] };
            if (One(rest, whole.Model, kept.Number, cancellation) is not { } result) return null;
            whole = result with { Explanation = $"{result.Explanation} After {brief.MaxIterations} of them start {kept.Number} of {options.Restarts} was chosen." };
        }

        if (checkpoint.StartFailure is { } failure) whole = whole with { Explanation = $"{whole.Explanation} One or more starts were given up: {failure}" };
        return (whole, kept.Number);
    }

    /// <summary>Runs one start, or the fit as the family knows it, from where it was stopped.</summary>
    private FitResult<RowModel>? One(FitOptions own, RowModel? from, int? number, CancellationToken cancellation)
    {
        if (checkpoint.Current is { } current)
        {
            from = current;
            own = own with { EarlierBounds = checkpoint.EarlierBounds };
        }

        if (from is not null) own = own with { Restarts = 1 };
        (int, int)? start = number is { } known && checkpoint.StartsDone < options.Restarts ? (known, options.Restarts) : null;
        own = own with { Progress = new FitTracker(GoesOn ? folder : null, checkpoint, Words, start, Display, seconds) };
        FitResult<RowModel>? result = null;
        try
        {
            result = family.Fit(new FamilyFit(values, Size, rows.Rows, from, own, Runtime, cancellation) { Loaded = rows });
        }
        catch (OperationCanceledException)
        {
            // Saved below, as far as it goes.
        }

        // Of several starts that the family runs by itself some may be missing, though the best so far has ended.
        bool whole = result is not null && result.Stop != FitStop.Cancelled && !(own.Restarts > 1 && cancellation.IsCancellationRequested);
        if (!whole && GoesOn && result is { Stop: FitStop.Cancelled, Bounds.Count: > 1 })
        {
            checkpoint.Current = result.Model;
            checkpoint.EarlierBounds = [.. result.Bounds.SkipLast(1)];
        }

        if (whole) checkpoint.ForgetCurrent();
        else Save();
        return whole ? result : null;
    }

    private void Save()
    {
        checkpoint.Seconds = seconds();
        checkpoint.Save(folder);
        sinceSaved.Restart();
    }
}
