using System.Text.Json;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Training;

// Saving and taking up the state of a run.
public sealed partial class Trainer
{
    private const string BestPrefix = "best:";

    /// <summary>Takes up the run in the folder where its last checkpoint left it.</summary>
    /// <param name="note">Told, in a sentence each, of what was wrong but could be mended, such as a damaged checkpoint with a good one before it.</param>
    /// <returns>False where the folder has no checkpoint yet; training then starts from the beginning.</returns>
    /// <exception cref="ElboException">No checkpoint can be read, those written are gone, or the last one belongs to another model, seed or batch size.</exception>
    /// <exception cref="InvalidOperationException">The trainer has no run folder.</exception>
    public bool Resume(Action<string>? note = null)
    {
        if (_folder is null) throw new InvalidOperationException("A trainer without a run folder has no checkpoint to resume.");
        if (CheckpointFile.Load(_folder.CheckpointPath, note) is not { } checkpoint)
        {
            if (!_folder.HasCheckpointed) return false;
            throw new ElboException($"The run '{_folder.FullPath}' cannot be resumed: it had a checkpoint, and '{_folder.CheckpointPath}' holds none now; put the folder back, or fit the run anew with 'elbo fit --recipe {_folder.RecipePath}'.");
        }

        TrainingState loaded = JsonSerializer.Deserialize(checkpoint.State, TrainingStateJson.Default.TrainingState)!;
        RequireSame("seed", loaded.Seed, _state.Seed, checkpoint.Path);
        RequireSame("batch size", loaded.BatchSize, _state.BatchSize, checkpoint.Path);
        RequireSame("number of batches in an epoch", loaded.BatchesPerEpoch, _state.BatchesPerEpoch, checkpoint.Path);
        RequireSame("list of metrics", string.Join(", ", loaded.Metrics), string.Join(", ", _state.Metrics), checkpoint.Path);

        Dictionary<string, Parameter> expected = _saved.Parameters.ToDictionary(parameter => parameter.Name);
        bool hasBest = _best is not null && checkpoint.Tensors.Keys.Any(name => name.StartsWith(BestPrefix, StringComparison.Ordinal));
        if (hasBest)
            foreach (Parameter parameter in _best!.Parameters) expected.Add(BestPrefix + parameter.Name, parameter);
        ModelWeights.Check(checkpoint.Path, checkpoint.Tensors.Where(pair => hasBest || !pair.Key.StartsWith(BestPrefix, StringComparison.Ordinal)), expected);

        foreach (Parameter parameter in _saved.Parameters) checkpoint.Tensors[parameter.Name].AsSpan<float>().CopyTo(_store[parameter.Variable]);
        if (hasBest)
            for (int i = 0; i < _best!.Parameters.Count; i++) checkpoint.Tensors[BestPrefix + _best.Parameters[i].Name].AsSpan<float>().CopyTo(_best.Copies[i]);
        _state.Step = loaded.Step;
        _state.Schedule = loaded.Schedule;
        _state.Best = loaded.Best;
        _state.BestEpoch = loaded.BestEpoch;
        _state.Waited = loaded.Waited;
        _state.Stopped = loaded.Stopped && _options.EarlyStopping is { } stopping && loaded.Waited >= stopping.Patience;
        _sums.Restore(loaded.Sums, loaded.SummedRows);
        _history.Clear();
        _history.AddRange(MetricsLog.Read(_folder.MetricsPath, loaded.MetricsLength, note));
        _state.MetricsLength = loaded.MetricsLength;
        _copiedStep = -1;
        return true;
    }

    private bool CheckpointIsDue(TimeSpan since) =>
        (_options.CheckpointSteps > 0 && _state.Step % _options.CheckpointSteps == 0)
        || (_options.CheckpointSeconds > 0 && since.TotalSeconds >= _options.CheckpointSeconds);

    private void SaveCheckpoint()
    {
        if (_saved.FirstNonFinite() is not null) throw Failure(_state.Step - 1);
        _state.Sums = _sums.Sums;
        _state.SummedRows = _sums.Rows;
        List<KeyValuePair<string, NumericArray>> tensors = [];
        foreach (Parameter parameter in _saved.Parameters)
            tensors.Add(new(parameter.Name, ModelWeights.ToArray(_store[parameter.Variable], parameter.Shape)));
        if (_best is not null && _state.BestEpoch > 0)
            for (int i = 0; i < _best.Parameters.Count; i++)
                tensors.Add(new(BestPrefix + _best.Parameters[i].Name, ModelWeights.ToArray(_best.Copies[i], _best.Parameters[i].Shape)));
        CheckpointFile.Save(_folder!.CheckpointPath, tensors, JsonSerializer.Serialize(_state, TrainingStateJson.Default.TrainingState));
        _folder.MarkCheckpoint();
    }

    /// <summary>Keeps a copy of the state in memory, once it is known to be good.</summary>
    private void CopyState()
    {
        if (_saved.FirstNonFinite() is not null) throw Failure(_state.Step - 1);
        _saved.Copy();
        _copiedStep = _state.Step;
        if (_copiedSums.Length == 0) _copiedSums = new double[_sums.Sums.Length];
        _sums.Sums.CopyTo(_copiedSums, 0);
        _copiedRows = _sums.Rows;
    }

    private static void RequireSame<T>(string what, T saved, T now, string path)
    {
        if (!EqualityComparer<T>.Default.Equals(saved, now))
            throw new ElboException($"The checkpoint '{path}' cannot be resumed: its {what} is {saved}, but the run now has {now}; resume with the recipe and the data that the run began with.");
    }
}
