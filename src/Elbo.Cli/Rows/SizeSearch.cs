using System.Diagnostics;
using Elbo.Cli.Display;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Fits each size that was asked for, and keeps the best by a criterion.</summary>
internal sealed class SizeSearch
{
    private readonly CommonSettings common;
    private readonly SettingValues values;
    private readonly LoadedObservations rows;
    private readonly IReadOnlyList<int> sizes;
    private readonly RowModel? start;

    private SizeSearch(Family family, CommonSettings common, SettingValues values, LoadedObservations rows, IReadOnlyList<int> sizes, RowModel? start)
    {
        Family = family;
        this.common = common;
        this.values = values;
        this.rows = rows;
        this.sizes = sizes;
        this.start = start;
    }

    public Family Family { get; }

    /// <summary>Whether the family has a size.</summary>
    public bool HasSizes => Family.Size is not null;

    /// <exception cref="UsageException">The choices exclude each other.</exception>
    public static SizeSearch Prepare(Family family, CommonSettings common, SettingValues values, LoadedObservations rows)
    {
        IReadOnlyList<int> sizes = family.Size is { } size ? values.Get(size).Sizes : [0];
        RowModel? start = null;
        if (common.Start is { } setting && values.Get(setting) is { } path)
        {
            if (sizes.Count > 1) throw new UsageException($"--start gives parameters of one size, and {sizes.Count} sizes are to be tried; give one size with {family.Size!.Option.Name}.");
            start = family.Start(values, StartParameters.Load(path));
            // Parameters say themselves of which size they are.
            if (family.Size is { } open && !values.Has(open)) sizes = [start.CodeNames.Count];
            if (start.Columns != rows.Rows.Columns)
                throw new ElboException($"The start '{path}' is for rows of {start.Columns} columns, and '{rows.Rows.Name}' has {rows.Rows.Columns}; give parameters for these rows.");
        }

        return new SizeSearch(family, common, values, rows, sizes, start);
    }

    /// <summary>Where a resumed search stands.</summary>
    public string Describe(RowCheckpoint checkpoint)
    {
        string sizesDone = sizes.Count > 1 ? $"{checkpoint.Done.Count} of {sizes.Count} sizes are done; " : "";
        return checkpoint.Current is null ? $"{sizesDone}beginning {(sizes.Count > 1 ? "the next" : "anew")}" : $"{sizesDone}going on after iteration {checkpoint.EarlierBounds.Count}";
    }

    /// <summary>Runs to the end, saving what it comes to.</summary>
    /// <returns>What it came to, with the model in the checkpoint; null where somebody stopped it.</returns>
    /// <exception cref="ElboException">No size could be fitted.</exception>
    public RowSummary? Run(RunFolder folder, RowCheckpoint checkpoint, Runtime runtime, FitDisplay display, CancellationToken cancellation)
    {
        Stopwatch clock = Stopwatch.StartNew();
        double before = checkpoint.Seconds;
        string criterion = common.Select is { } select ? values.Get(select) : "elbo";
        ElboException? failure = null;
        foreach (int size in sizes)
        {
            if (checkpoint.Done.Exists(done => done.Outcome.Size == size)) continue;
            try
            {
                FitResult<RowModel>? result = FitOne(size);
                if (result is null) return null;
                Keep(size, result);
            }
            catch (ElboException exception) when (sizes.Count > 1)
            {
                // A size too large for the rows, say, must not take the others along.
                failure ??= exception;
                display.Say($"{Words(size)}: {exception.Message}");
                checkpoint.Done.Add(new DoneSize(new SizeOutcome { Size = size, Failure = exception.Message }));
            }

            checkpoint.CurrentSize = null;
            checkpoint.Current = null;
            checkpoint.EarlierBounds = [];
            checkpoint.Seconds = before + clock.Elapsed.TotalSeconds;
            if (sizes.Count > 1 && size != sizes[^1]) checkpoint.Save(folder);
        }

        if (checkpoint.Best is null) throw failure ?? new ElboException("No size could be fitted; give a smaller one.");
        return Summarize(checkpoint, criterion, runtime, before + clock.Elapsed.TotalSeconds);

        FitResult<RowModel>? FitOne(int size)
        {
            bool goesOn = checkpoint.CurrentSize == size && checkpoint.Current is not null;
            RowModel? from = goesOn ? checkpoint.Current : start;
            if (!goesOn) checkpoint.EarlierBounds = [];
            // An extrapolation depends on the states before the one that is saved.
            bool goesOnLater = Family.GoesOn && !common.Options(values).Accelerate;
            FitTracker tracker = new(goesOnLater ? folder : null, checkpoint, size, Words(size), display, () => before + clock.Elapsed.TotalSeconds);
            FitOptions options = common.Options(values) with { EarlierBounds = checkpoint.EarlierBounds, Progress = tracker };
            if (from is not null) options = options with { Restarts = 1 };
            FitResult<RowModel>? result = null;
            try
            {
                result = Family.Fit(new FamilyFit(values, size, rows.Rows, from, options, runtime, cancellation));
            }
            catch (OperationCanceledException)
            {
                // Saved below, as far as it goes.
            }

            if (result is not null && result.Stop != FitStop.Cancelled && !(cancellation.IsCancellationRequested && options.Restarts > 1 && !tracker.IsLastStart)) return result;
            if (result is not null && tracker.IsLastStart && goesOnLater)
            {
                checkpoint.CurrentSize = size;
                checkpoint.Current = result.Model;
                checkpoint.EarlierBounds = [.. result.Bounds.SkipLast(1)];
            }

            checkpoint.Seconds = before + clock.Elapsed.TotalSeconds;
            checkpoint.Save(folder);
            return null;
        }

        void Keep(int size, FitResult<RowModel> result)
        {
            SizeOutcome outcome = new()
            {
                Size = size,
                Elbo = result.Elbo,
                Bic = Family.IsExact ? result.Bic : null,
                Aic = Family.IsExact ? result.Aic : null,
                Icl = Family.Criteria.Contains("icl") ? RowMeasure.Icl(result.Bic, result.Model, rows.Rows, runtime) : null,
                Parameters = result.Model.FreeParameters,
                Iterations = result.Iterations,
                Stop = result.Stop,
                Explanation = result.Explanation,
            };
            double best = Best(checkpoint, criterion)?.Criterion(criterion) ?? double.PositiveInfinity;
            if (checkpoint.Best is null || outcome.Criterion(criterion) < best) checkpoint.Best = result.Model;
            checkpoint.Done.Add(new DoneSize(outcome) { Bounds = result.Bounds });
        }
    }

    /// <summary>The best of the sizes that could be fitted, the first where two are alike.</summary>
    private static SizeOutcome? Best(RowCheckpoint checkpoint, string criterion) =>
        checkpoint.Done.Where(static done => done.Outcome.Failure is null).Select(static done => done.Outcome).MinBy(outcome => outcome.Criterion(criterion));

    private RowSummary Summarize(RowCheckpoint checkpoint, string criterion, Runtime runtime, double seconds)
    {
        RowModel model = checkpoint.Best!;
        SizeOutcome outcome = Best(checkpoint, criterion)!;
        int? sequences = RowMeasure.SequencesOf(rows.Rows, Family.IsSequential);
        double logLikelihood = Family.IsExact ? outcome.Elbo : RowMeasure.Of(model, rows.Rows, Family.IsSequential, runtime).LogLikelihood;
        return new RowSummary
        {
            Model = model.Title,
            Rows = rows.Rows.Rows,
            Sequences = sequences,
            Elbo = outcome.Elbo,
            LogLikelihood = logLikelihood,
            LogLikelihoodPerSequence = sequences is { } count ? logLikelihood * rows.Rows.TotalWeight / count : null,
            Bic = outcome.Bic,
            Aic = outcome.Aic,
            Size = HasSizes ? outcome.Size : null,
            Parameters = model.FreeParameters,
            Iterations = outcome.Iterations,
            Converged = outcome.Converged,
            Explanation = outcome.Explanation,
            Seconds = seconds,
            Criterion = sizes.Count > 1 ? criterion : null,
            Tried = sizes.Count > 1 ? [.. checkpoint.Done.Select(static done => done.Outcome)] : null,
        };
    }

    /// <summary>A size in words: <c>4 components</c>.</summary>
    private string Words(int size) => Family.Size is not { } setting ? "" : $"{size} {(size == 1 ? setting.Key.TrimEnd('s') : setting.Key)}";
}
