using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Storage;

/// <summary>
/// The folder of one run: <c>recipe.json</c>, <c>model.json</c> and <c>model.safetensors</c>, <c>checkpoint/</c>, <c>metrics.jsonl</c>,
/// <c>report.html</c>. Files are written whole or not at all, the metrics only appended to.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>Marks that a checkpoint was written once, so that a folder of checkpoints which is gone is not taken for one that never was.</summary>
    private const string CheckpointMark = ".checkpointed";

    private readonly RunLock? _lock;

    private RunFolder(string path, RunLock? runLock)
    {
        FullPath = path;
        _lock = runLock;
    }

    /// <summary>The folder's path.</summary>
    public string FullPath { get; }

    /// <summary>The folder's name.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(FullPath)));

    /// <summary>Everything needed to repeat the run.</summary>
    public string RecipePath => Path.Combine(FullPath, "recipe.json");

    /// <summary>What the model is.</summary>
    public string ModelPath => Path.Combine(FullPath, "model.json");

    /// <summary>The model's numbers.</summary>
    public string WeightsPath => Path.Combine(FullPath, "model.safetensors");

    /// <summary>The folder of checkpoints.</summary>
    public string CheckpointPath => Path.Combine(FullPath, "checkpoint");

    /// <summary>One JSON line an epoch.</summary>
    public string MetricsPath => Path.Combine(FullPath, "metrics.jsonl");

    /// <summary>The report.</summary>
    public string ReportPath => Path.Combine(FullPath, "report.html");

    /// <summary>Makes a new run folder and locks it.</summary>
    /// <param name="root">The folder of all runs; made where it is missing.</param>
    /// <param name="name">The run's name; null for the first free of <c>prefix-1</c>, <c>prefix-2</c>, ….</param>
    /// <param name="prefix">What names made up begin with.</param>
    /// <exception cref="ElboException">The name is taken or no name of a folder, or the folder cannot be written.</exception>
    public static RunFolder Create(string root, string? name = null, string prefix = "run")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (name is not null)
        {
            CheckName(name);
            return TryCreate(root, name) ?? throw new ElboException($"The run '{Path.Combine(root, name)}' exists already; resume it, or choose another name.");
        }

        CheckName(prefix);
        for (int number = 1; ; number++)
        {
            string free = $"{prefix}-{number}";
            if (!Directory.Exists(Path.Combine(root, free)) && TryCreate(root, free) is { } folder) return folder;
        }
    }

    /// <summary>Opens a run to read it; several processes may do so at once.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="ElboException">There is no run folder at the path.</exception>
    public static RunFolder Open(string path)
    {
        CheckIsRun(path);
        return new RunFolder(path, null);
    }

    /// <summary>Opens a run to go on with it, and locks it.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="ElboException">There is no run folder at the path, another process works on it, or it cannot be written.</exception>
    public static RunFolder OpenToResume(string path)
    {
        CheckIsRun(path);
        return new RunFolder(path, RunLock.Acquire(path));
    }

    /// <summary>Writes <c>recipe.json</c>; from then on the folder counts as a run.</summary>
    /// <param name="json">The recipe.</param>
    /// <exception cref="ElboException">The file cannot be written.</exception>
    public void WriteRecipe(string json) => AtomicFile.WriteText(RecipePath, json);

    /// <summary>Reads <c>recipe.json</c>.</summary>
    /// <exception cref="ElboException">The file cannot be read.</exception>
    public string ReadRecipe() => FileFailure.Guard(RecipePath, () => File.ReadAllText(RecipePath));

    /// <summary>Writes <c>model.json</c>.</summary>
    /// <param name="model">What the model is.</param>
    /// <exception cref="ElboException">The file cannot be written.</exception>
    public void WriteModel(ModelDescription model) => AtomicFile.WriteText(ModelPath, ModelDescription.Write(model));

    /// <summary>Reads <c>model.json</c>.</summary>
    /// <exception cref="ElboException">The file cannot be read, is damaged, or is of a newer format.</exception>
    public ModelDescription ReadModel() => ModelDescription.Read(FileFailure.Guard(ModelPath, () => File.ReadAllText(ModelPath)), ModelPath);

    /// <summary>Writes <c>model.safetensors</c>.</summary>
    /// <param name="parameters">The model's parameters, running statistics included.</param>
    /// <param name="store">Where the values are.</param>
    /// <exception cref="ElboException">The file cannot be written.</exception>
    public void SaveWeights(IEnumerable<Parameter> parameters, VariableStore<float> store) => ModelWeights.Save(WeightsPath, parameters, store);

    /// <summary>Reads the model's numbers: from <c>model.safetensors</c>, or from the last checkpoint where training has not ended yet.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="store">Where the values go.</param>
    /// <param name="note">Told, in a sentence each, of what was wrong but could be mended.</param>
    /// <exception cref="ElboException">There are no numbers yet, they are damaged, or they belong to another model.</exception>
    public void LoadWeights(IReadOnlyList<Parameter> parameters, VariableStore<float> store, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(store);
        if (File.Exists(WeightsPath))
        {
            ModelWeights.Load(WeightsPath, parameters, store);
            return;
        }

        if (CheckpointFile.Load(CheckpointPath, note) is not { } checkpoint)
            throw new ElboException($"The run '{FullPath}' has no weights yet: neither 'model.safetensors' nor a checkpoint; let it train until its first checkpoint.");
        HashSet<string> names = [.. parameters.Select(parameter => parameter.Name)];
        KeyValuePair<string, NumericArray>[] own = [.. checkpoint.Tensors.Where(pair => names.Contains(pair.Key))];
        ModelWeights.Check(checkpoint.Path, own, parameters.ToDictionary(parameter => parameter.Name));
        foreach (Parameter parameter in parameters) checkpoint.Tensors[parameter.Name].AsSpan<float>().CopyTo(store[parameter.Variable]);
    }

    /// <summary>Writes a checkpoint of two generations, so that a whole one is there at every instant.</summary>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="state">Everything else, as JSON.</param>
    /// <exception cref="ElboException">It cannot be written; the one before it is unchanged.</exception>
    public void SaveCheckpoint(IReadOnlyList<KeyValuePair<string, NumericArray>> arrays, string state) => CheckpointFile.Save(CheckpointPath, arrays, state);

    /// <summary>Reads the newest checkpoint that is whole; null where there is none.</summary>
    /// <param name="note">Told, in a sentence each, of what was wrong but could be mended.</param>
    /// <exception cref="ElboException">There are checkpoints, and all are damaged.</exception>
    public (IReadOnlyDictionary<string, NumericArray> Arrays, string State)? LoadCheckpoint(Action<string>? note = null) =>
        CheckpointFile.Load(CheckpointPath, note) is { } checkpoint ? (checkpoint.Tensors, checkpoint.State) : null;

    /// <summary>The records in <c>metrics.jsonl</c>; none where it does not exist.</summary>
    /// <param name="note">Told of damaged lines.</param>
    /// <exception cref="ElboException">The file cannot be read.</exception>
    public IReadOnlyList<EpochRecord> ReadMetrics(Action<string>? note = null) =>
        MetricsLog.Read(MetricsPath, File.Exists(MetricsPath) ? new FileInfo(MetricsPath).Length : 0, note);

    /// <summary>Whether a checkpoint was ever written; the weights are only ever written after one.</summary>
    internal bool HasCheckpointed => File.Exists(Path.Combine(FullPath, CheckpointMark)) || File.Exists(WeightsPath);

    /// <summary>Remembers that a checkpoint was written.</summary>
    internal void MarkCheckpoint()
    {
        string mark = Path.Combine(FullPath, CheckpointMark);
        if (!File.Exists(mark)) AtomicFile.WriteBytes(mark, ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock?.Dispose();

    private static RunFolder? TryCreate(string root, string name)
    {
        string path = Path.Combine(root, name);
        FolderFailure.Guard(path, () => Directory.CreateDirectory(path));
        RunLock runLock = RunLock.Acquire(path);

        // Only the holder of the lock may look: another process could be between making the folder and writing its recipe.
        if (!Directory.EnumerateFileSystemEntries(path).Any(entry => !Path.GetFileName(entry).StartsWith(RunLock.FileName, StringComparison.Ordinal)))
            return new RunFolder(path, runLock);
        runLock.Dispose();
        return null;
    }

    private static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name[0] is '.' or '-' || name.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) >= 0)
            throw new ElboException($"'{name}' is no name for a run; it must be the name of a folder, without '/' or '\\' and not beginning with '.' or '-'.");
    }

    private static void CheckIsRun(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path))
        {
            throw new ElboException(File.Exists(path)
                ? $"'{path}' is a file, and a run folder was expected; name the folder it is in."
                : $"The run folder '{path}' does not exist; check the path, or begin a run with 'elbo fit'.");
        }

        if (!File.Exists(Path.Combine(path, "recipe.json")) && !File.Exists(Path.Combine(path, "model.json")))
            throw new ElboException($"'{path}' is no run folder: it has no recipe.json; name a folder that 'elbo fit' made.");
    }
}
