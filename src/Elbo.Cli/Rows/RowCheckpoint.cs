using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Cli.Families;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>
/// Where an unfinished fit stands: the sizes that are done with the best model among them, the starts of the size under way that are done with the best
/// among them, and the model that the start under way had come to.
/// </summary>
internal sealed class RowCheckpoint
{
    private const string BestPrefix = "best/";
    private const string KeptPrefix = "kept/";
    private const string CurrentPrefix = "current/";

    /// <summary>The sizes that are done, in order.</summary>
    public List<DoneSize> Done { get; } = [];

    /// <summary>The best model of the sizes done; null where there is none.</summary>
    public RowModel? Best { get; set; }

    /// <summary>The size under way; null between sizes.</summary>
    public int? CurrentSize { get; set; }

    /// <summary>The starts of the size under way that are done; 0 where there is one only.</summary>
    public int StartsDone { get; set; }

    /// <summary>The best of them; null where none could be fitted.</summary>
    public KeptStart? Kept { get; set; }

    /// <summary>Why the first start that failed did; null where none did.</summary>
    public string? StartFailure { get; set; }

    /// <summary>The model that the start under way had come to, or the best one that goes on after all; null where it begins anew.</summary>
    public RowModel? Current { get; set; }

    /// <summary>The bounds of the states before <see cref="Current"/>'s.</summary>
    public IReadOnlyList<double> EarlierBounds { get; set; } = [];

    /// <summary>The time spent until now.</summary>
    public double Seconds { get; set; }

    /// <summary>Forgets what a size under way had come to.</summary>
    /// <param name="size">The size that is under way now; null for none.</param>
    public void Begin(int? size)
    {
        CurrentSize = size;
        (StartsDone, Kept, StartFailure) = (0, null, null);
        ForgetCurrent();
    }

    /// <summary>Forgets what a start under way had come to.</summary>
    public void ForgetCurrent() => (Current, EarlierBounds) = (null, []);

    public void Save(RunFolder folder)
    {
        List<KeyValuePair<string, NumericArray>> arrays = [];
        Add(BestPrefix, Best);
        Add(KeptPrefix, Kept?.Result.Model);
        Add(CurrentPrefix, Current);
        State state = new(
            Done, Best?.Definition, CurrentSize, Current?.Definition, Seconds, StartsDone, StartFailure,
            Kept is { } kept ? new KeptState(kept.Number, kept.Result.Model.Definition, kept.Result.Stop, kept.Result.Iterations, kept.Result.Explanation, kept.Result.TotalWeight) : null);
        if (Current is not null) AddBounds("bounds", EarlierBounds);
        if (Kept is not null) AddBounds("bounds/kept", Kept.Result.Bounds);
        for (int i = 0; i < Done.Count; i++) AddBounds($"bounds/{i}", Done[i].Bounds);
        folder.SaveCheckpoint(arrays, JsonSerializer.Serialize(state, RowCheckpointJson.Default.State));

        void Add(string prefix, RowModel? model)
        {
            foreach ((string name, NumericArray array) in model?.Parameters ?? []) arrays.Add(new(prefix + name, array));
        }

        void AddBounds(string name, IReadOnlyList<double> bounds) => arrays.Add(new(name, NumericArray.From<double>([.. bounds], bounds.Count)));
    }

    /// <summary>The checkpoint of a run; an empty one where it has none.</summary>
    /// <exception cref="ElboException">All are damaged.</exception>
    public static RowCheckpoint Load(RunFolder folder, Family family, Action<string>? note)
    {
        RowCheckpoint checkpoint = new();
        if (folder.LoadCheckpoint(note) is not { } saved) return checkpoint;
        State state = StrictJson.Parse(saved.State, RowCheckpointJson.Default.State, folder.CheckpointPath);
        for (int i = 0; i < state.Done.Count; i++)
            checkpoint.Done.Add(state.Done[i] with { Bounds = saved.Arrays[$"bounds/{i}"].ToDouble() });
        checkpoint.Best = Model(BestPrefix, state.BestDefinition);
        checkpoint.CurrentSize = state.CurrentSize;
        checkpoint.StartsDone = state.StartsDone;
        checkpoint.StartFailure = state.StartFailure;
        if (state.Kept is { } kept)
            checkpoint.Kept = new KeptStart(kept.Number, new FitResult<RowModel>(Model(KeptPrefix, kept.Definition)!, saved.Arrays["bounds/kept"].ToDouble(), kept.Stop, kept.Iterations, kept.Explanation, kept.TotalWeight));
        checkpoint.Current = Model(CurrentPrefix, state.CurrentDefinition);
        checkpoint.Seconds = state.Seconds;
        if (checkpoint.Current is not null) checkpoint.EarlierBounds = saved.Arrays["bounds"].ToDouble();
        return checkpoint;

        RowModel? Model(string prefix, JsonElement? definition) => definition is not { } known ? null
            : family.Load(known, saved.Arrays.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], static pair => pair.Value));
    }

    internal sealed record State(
        IReadOnlyList<DoneSize> Done, JsonElement? BestDefinition, int? CurrentSize, JsonElement? CurrentDefinition, double Seconds, int StartsDone = 0, string? StartFailure = null, KeptState? Kept = null);

    internal sealed record KeptState(
        int Number, JsonElement Definition, [property: JsonConverter(typeof(NamedEnumConverter<FitStop>))] FitStop Stop, int Iterations, string Explanation, double TotalWeight);
}

/// <summary>The best of the starts that are done.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Result">How it ended.</param>
internal sealed record KeptStart(int Number, FitResult<RowModel> Result);

/// <summary>A size that is done, with the bound of each iteration.</summary>
internal sealed record DoneSize(SizeOutcome Outcome)
{
    [JsonIgnore]
    public IReadOnlyList<double> Bounds { get; init; } = [];
}

/// <summary>The source-generated description of the state in a checkpoint.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RowCheckpoint.State))]
internal sealed partial class RowCheckpointJson : JsonSerializerContext;
