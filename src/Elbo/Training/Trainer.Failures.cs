using System.Globalization;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

// What happens when a number is not finite.
public sealed partial class Trainer
{
    /// <summary>Goes back to the state before the step that failed, saves it, and says what failed.</summary>
    /// <param name="noticed">The step after which the trouble was noticed; it may have begun earlier.</param>
    private ElboException Failure(long noticed)
    {
        if (_copiedStep < 0)
        {
            Parameter broken = _saved.FirstNonFinite()!;
            return new ElboException($"The parameter '{broken.Name}' starts with a number that is not finite; initialise it, or load weights that are whole.");
        }

        long failed = FirstFailure(noticed);
        Replay(failed);
        _state.Step = failed;
        string what = Diagnose(failed);
        string kept = "";
        if (_folder is not null)
        {
            SaveCheckpoint();
            kept = $" The state before that step is kept in '{_folder.CheckpointPath}'.";
        }

        int batches = _training.BatchesPerEpoch;
        return new ElboException(string.Create(CultureInfo.InvariantCulture,
            $"Training failed in step {failed + 1} (epoch {failed / batches + 1}, batch {failed % batches + 1} of {batches}): {what}.{kept} Try a smaller learning rate or gradient clipping, and check the data."));
    }

    /// <summary>Repeats steps from the good copy until one brings a number that is not finite.</summary>
    private long FirstFailure(long noticed)
    {
        _saved.Restore();
        for (long step = _copiedStep; step < noticed; step++)
        {
            RunStep(step);
            if (!StepIsFinite() || _saved.FirstNonFinite() is not null) return step;
        }

        return noticed;
    }

    private void Replay(long end)
    {
        _saved.Restore();
        _sums.Restore(_copiedSums, _copiedRows);
        for (long step = _copiedStep; step < end; step++)
        {
            RunStep(step);
            for (int i = 0; i < _sums.Names.Length; i++) _sums.Add(i, _plan.Output(i), _training.BatchSize);
            _sums.Count(_training.BatchSize);
        }
    }

    /// <summary>Whether the objectives of the last step, and the norm of its gradient where it is known, are finite.</summary>
    private bool StepIsFinite()
    {
        foreach (int output in _looked)
            if (!float.IsFinite(_plan.Output(output)[0])) return false;
        return true;
    }

    /// <summary>Looks at one step without making it: the data, the metrics, the layers, the gradients, and each row in turn.</summary>
    private string Diagnose(long step)
    {
        List<(Parameter Parameter, Tensor Gradient)> gradients = _step.Gradients();
        IReadOnlyList<WatchedTensor> layers = _step.Graph.Watched;
        Tensor[] values = [.. _step.Metrics.Select(metric => metric.Value), .. layers.Select(layer => layer.Value), .. gradients.Select(pair => pair.Gradient)];
        using StepPlan plan = new(_runtime, _store, _step, [.. values.Select(CountNonFinite)], []);
        FillBatch(plan, step);
        int[] rows = _training.Rows(step).ToArray();
        if ((BadRow(plan.Target) ?? BadRow(plan.Input)) is { } bad) return $"row {rows[bad]} of the data holds a number that is not finite";

        RandomStream noise = _root.Split(StepKey).Split((ulong)step);
        plan.Run(noise);
        bool Broken(int output) => plan.Output(output)[0] > 0;
        string[] metrics = [.. _step.Metrics.Where((_, i) => Broken(i)).Select(metric => $"'{metric.Name}'")];
        string? layer = layers.Where((_, i) => Broken(_step.Metrics.Count + i)).Select(watched => watched.Name).FirstOrDefault();
        string[] slopes = [.. gradients.Where((_, i) => Broken(_step.Metrics.Count + layers.Count + i)).Select(pair => $"'{pair.Parameter.Name}'")];
        List<string> what = [];
        if (layer is not null) what.Add($"the output of the layer '{layer}' is not finite");
        if (metrics.Length > 0) what.Add(metrics.Length == 1 ? $"{metrics[0]} is not a finite number" : $"{string.Join(", ", metrics)} are not finite numbers");
        if (slopes.Length > 0) what.Add($"the gradient of {Few(slopes)} is not finite");
        if (what.Count == 0) return FirstOverflow(step) is { } overflown ? $"'{overflown.Name}' grew beyond all numbers" : "a number that is not finite turned up";
        string because = Culprit(plan, noise, values.Length) is { } row ? $", because of row {rows[row]} of the data (row {row + 1} of the batch)" : "";
        return string.Join(", and ", what) + because;
    }

    /// <summary>How many elements are NaN or infinite: neither is at most the largest number.</summary>
    private static Tensor CountNonFinite(Tensor value) => Tensor.Where(Tensor.Constant(float.MaxValue).GreaterOrEqual(value.Abs()), 0.0, 1.0).Sum();

    /// <summary>The row of the batch without which all would be finite; null where no single one is to blame.</summary>
    private int? Culprit(StepPlan plan, RandomStream noise, int outputs)
    {
        int count = _training.BatchSize, length = _training.RowShape.ElementCount;
        for (int row = 0; row < count && count > 1; row++)
        {
            int other = (row + 1) % count;
            float[] target = Exchange(plan.Target, row, other, length), input = Exchange(plan.Input, row, other, length);
            plan.Run(noise);
            bool finite = true;
            for (int i = 0; i < outputs; i++) finite &= plan.Output(i)[0] == 0;
            PutBack(plan.Target, row, target);
            PutBack(plan.Input, row, input);
            if (finite) return row;
        }

        return null;
    }

    private static float[] Exchange(Span<float> rows, int row, int other, int length)
    {
        if (rows.IsEmpty) return [];
        float[] kept = rows.Slice(row * length, length).ToArray();
        rows.Slice(other * length, length).CopyTo(rows.Slice(row * length, length));
        return kept;
    }

    private static void PutBack(Span<float> rows, int row, float[] kept) => kept.CopyTo(rows.IsEmpty ? rows : rows[(row * kept.Length)..]);

    /// <summary>Makes the step for real, to see what overflows in the update itself, and goes back.</summary>
    private Parameter? FirstOverflow(long step)
    {
        RunStep(step);
        Parameter? overflown = _saved.FirstNonFinite();
        Replay(step);
        return overflown;
    }

    private int? BadRow(ReadOnlySpan<float> rows)
    {
        int length = _training.RowShape.ElementCount;
        for (int row = 0; row * length < rows.Length; row++)
            if (!SavedVariables.IsFinite(rows.Slice(row * length, length))) return row;
        return null;
    }

    private static string Few(string[] names) => names.Length <= 2 ? string.Join(" and ", names) : $"{names[0]} and {names.Length - 1} more";
}
