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
        int starts = common.Options(values).Restarts;
        string startsDone = checkpoint.StartsDone > 0 ? $"{checkpoint.StartsDone} of {starts} starts are done; " : "";
        string next = checkpoint.Current is not null ? $"going on after iteration {checkpoint.EarlierBounds.Count}"
            : checkpoint.StartsDone >= starts && checkpoint.Kept is { } kept ? $"going on with start {kept.Number}"
            : $"beginning {(sizes.Count > 1 || checkpoint.StartsDone > 0 ? "the next" : "anew")}";
        return sizesDone + startsDone + next;
    }

    /// <summary>Runs to the end, saving what it comes to.</summary>
    /// <returns>What it came to, with the model in the checkpoint; null where somebody stopped it.</returns>
    /// <exception cref="ElboException">No size could be fitted.</exception>
    public RowSummary? Run(RunFolder folder, RowCheckpoint checkpoint, Runtime runtime, FitDisplay display, CancellationToken cancellation)
    {
        Stopwatch clock = Stopwatch.StartNew();
        double before = checkpoint.Seconds;
        double Seconds() => before + clock.Elapsed.TotalSeconds;
        ElboException? failure = null;
        // A size under way comes first, since the next to begin would take its place in the checkpoint.
        foreach (int size in sizes.OrderBy(size => size != checkpoint.CurrentSize).ToArray())
        {
            if (checkpoint.Done.Exists(done => done.Outcome.Size == size)) continue;
            try
            {
                SizeFit fit = new(Family, values, rows, common.Options(values), start, folder, checkpoint, Seconds) { Size = size, Words = Words(size), Display = display, Runtime = runtime };
                if (fit.Run(cancellation) is not var (result, kept)) return null;
                Keep(checkpoint, size, result, kept, runtime);
            }
            catch (ElboException exception) when (sizes.Count > 1)
            {
                // A size too large for the rows, say, must not take the others along.
                failure ??= exception;
                display.Say($"{Words(size)}: {exception.Message}");
                checkpoint.Done.Add(new DoneSize(new SizeOutcome { Size = size, Failure = exception.Message }));
            }

            checkpoint.Begin(null);
            checkpoint.Seconds = Seconds();
            if (checkpoint.Done.Count < sizes.Count) checkpoint.Save(folder);
        }

        if (checkpoint.Best is null) throw failure ?? new ElboException("No size could be fitted; give a smaller one.");
        checkpoint.Done.Sort(static (one, other) => one.Outcome.Size.CompareTo(other.Outcome.Size));
        return Summarize(checkpoint, runtime, Seconds());
    }

    /// <summary>The criterion that sizes are chosen by.</summary>
    public string Criterion => common.Select is { } select ? values.Get(select) : "elbo";

    private void Keep(RowCheckpoint checkpoint, int size, FitResult<RowModel> result, int? start, Runtime runtime)
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
            Start = start,
            Stop = result.Stop,
            Explanation = result.Explanation,
        };
        double best = Best(checkpoint)?.Criterion(Criterion) ?? double.PositiveInfinity;
        if (checkpoint.Best is null || outcome.Criterion(Criterion) < best) checkpoint.Best = result.Model;
        checkpoint.Done.Add(new DoneSize(outcome) { Bounds = result.Bounds });
    }

    /// <summary>The best of the sizes that could be fitted, the first where two are alike.</summary>
    public SizeOutcome? Best(RowCheckpoint checkpoint) =>
        checkpoint.Done.Where(static done => done.Outcome.Failure is null).Select(static done => done.Outcome).MinBy(outcome => outcome.Criterion(Criterion));

    private RowSummary Summarize(RowCheckpoint checkpoint, Runtime runtime, double seconds)
    {
        RowModel model = checkpoint.Best!;
        SizeOutcome outcome = Best(checkpoint)!;
        int? sequences = RowMeasure.SequencesOf(rows.Rows, Family.IsSequential);
        double logLikelihood = Family.IsExact ? outcome.Elbo : RowMeasure.Of(model, rows.Rows, Family.IsSequential, runtime).LogLikelihood;
        return new RowSummary
        {
            Model = model.Title,
            Rows = rows.Rows.Rows,
            Sequences = sequences,
            Elbo = outcome.Elbo,
            LogLikelihood = logLikelihood,
            LogLikelihoodIsBound = model.LogDensityIsBound,
            LogLikelihoodPerSequence = sequences is { } count ? logLikelihood * rows.Rows.TotalWeight / count : null,
            Bic = outcome.Bic,
            Aic = outcome.Aic,
            Size = HasSizes ? outcome.Size : null,
            Parameters = model.FreeParameters,
            Iterations = outcome.Iterations,
            Converged = outcome.Converged,
            Explanation = outcome.Explanation,
            Seconds = seconds,
            Start = outcome.Start,
            Criterion = sizes.Count > 1 ? Criterion : null,
            Tried = sizes.Count > 1 ? [.. checkpoint.Done.Select(static done => done.Outcome)] : null,
        };
    }

    /// <summary>A size in words: <c>4 components</c>.</summary>
    private string Words(int size) => Family.Size is not { } setting ? "" : $"{size} {(size == 1 ? setting.Key.TrimEnd('s') : setting.Key)}";
}
