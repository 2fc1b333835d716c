using Elbo.Cli.Families;
using Elbo.Inference;
using Elbo.Models;

namespace Elbo.Cli.Rows;

/// <summary>
/// Allows a run more iterations: what ended for want of them goes on, or begins anew where the model alone does not say how it would have gone on, so that the
/// run ends as one that was allowed them from the beginning.
/// </summary>
/// <param name="family">The family.</param>
/// <param name="options">What the run was allowed until now.</param>
/// <param name="search">Its search among sizes.</param>
internal sealed class RunExtension(Family family, FitOptions options, SizeSearch search)
{
    /// <summary>The checkpoint that a finished run would have left before its end.</summary>
    public RowCheckpoint Unfinish(RowSummary summary, IReadOnlyList<(int? Size, IReadOnlyList<double> Bounds)> metrics, RowModel model, double totalWeight)
    {
        RowCheckpoint checkpoint = new() { Best = model, Seconds = summary.Seconds };
        SizeOutcome only = new()
        {
            Size = summary.Size ?? 0,
            Elbo = summary.Elbo,
            Bic = summary.Bic,
            Aic = summary.Aic,
            Parameters = summary.Parameters,
            Iterations = summary.Iterations,
            Start = summary.Start,
            Stop = summary.Converged ? FitStop.Converged : FitStop.IterationLimit,
            Explanation = summary.Explanation,
        };
        foreach (SizeOutcome outcome in summary.Tried ?? [only])
            checkpoint.Done.Add(new DoneSize(outcome) { Bounds = metrics.FirstOrDefault(size => (size.Size ?? 0) == outcome.Size).Bounds ?? [] });
        Extend(checkpoint, totalWeight);
        return checkpoint;
    }

    /// <summary>Takes back what ended for want of iterations.</summary>
    public void Extend(RowCheckpoint checkpoint, double totalWeight)
    {
        if (checkpoint.CurrentSize is not null && checkpoint.StartsDone > 0 && !StartsStand) checkpoint.Begin(checkpoint.CurrentSize);
        SizeOutcome? best = search.Best(checkpoint);
        DoneSize[] limited = [.. checkpoint.Done.Where(static done => done.Outcome is { Failure: null, Stop: FitStop.IterationLimit })];
        if (limited.FirstOrDefault(done => done.Outcome == best) is { } bestLimited)
        {
            // More iterations lower every criterion but ICL, so that the sizes that converged stay behind the best and their models are not missed.
            if (search.Criterion == "icl") checkpoint.Done.Clear();
            if (checkpoint.CurrentSize is null) GoOn(checkpoint, bestLimited, totalWeight);
            checkpoint.Best = null;
        }

        checkpoint.Done.RemoveAll(done => limited.Contains(done));
    }

    /// <summary>Whether the choice among starts was made as it would have been with more iterations.</summary>
    private bool StartsStand => options.MaxIterations >= Restarts.ShortIterations;

    private void GoOn(RowCheckpoint checkpoint, DoneSize done, double totalWeight)
    {
        bool several = SizeFit.KeepsStarts(family, options) && done.Outcome.Start is not null;
        if (!family.GoesOn || options.Accelerate || done.Bounds.Count < 2 || (several && !StartsStand)) return;
        checkpoint.Begin(done.Outcome.Size);
        if (several)
        {
            checkpoint.StartsDone = options.Restarts;
            checkpoint.Kept = new KeptStart(done.Outcome.Start!.Value, new FitResult<RowModel>(checkpoint.Best!, done.Bounds, FitStop.IterationLimit, done.Outcome.Iterations, done.Outcome.Explanation, totalWeight));
        }
        else
        {
            checkpoint.Current = checkpoint.Best;
            checkpoint.EarlierBounds = [.. done.Bounds.SkipLast(1)];
        }
    }
}
