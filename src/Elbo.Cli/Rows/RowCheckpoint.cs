using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Cli.Families;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Where an unfinished fit stands: the sizes that are done with the best model among them, and the model that a fit under way had come to.</summary>
internal sealed class RowCheckpoint
{
    private const string BestPrefix = "best/";
    private const string CurrentPrefix = "current/";

    /// <summary>The sizes that are done, in order.</summary>
    public List<DoneSize> Done { get; } = [];

    /// <summary>The best model of the sizes done; null where there is none.</summary>
    public RowModel? Best { get; set; }

    /// <summary>The size under way; null between sizes.</summary>
    public int? CurrentSize { get; set; }

    /// <summary>The model that the size under way had come to; null where it begins anew.</summary>
    public RowModel? Current { get; set; }

    /// <summary>The bounds of the states before <see cref="Current"/>'s.</summary>
    public IReadOnlyList<double> EarlierBounds { get; set; } = [];

    /// <summary>The time spent until now.</summary>
    public double Seconds { get; set; }

    public void Save(RunFolder folder)
    {
        List<KeyValuePair<string, NumericArray>> arrays = [];
        Add(BestPrefix, Best);
        Add(CurrentPrefix, Current);
        State state = new(Done, Best?.Definition, CurrentSize, Current?.Definition, Seconds);
        if (Current is not null) arrays.Add(new("bounds", NumericArray.From<double>([.. EarlierBounds], EarlierBounds.Count)));
        for (int i = 0; i < Done.Count; i++) arrays.Add(new($"bounds/{i}", NumericArray.From<double>([.. Done[i].Bounds], Done[i].Bounds.Count)));
        folder.SaveCheckpoint(arrays, JsonSerializer.Serialize(state, RowCheckpointJson.Default.State));

        void Add(string prefix, RowModel? model)
        {
            foreach ((string name, NumericArray array) in model?.Parameters ?? []) arrays.Add(new(prefix + name, array));
        }
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
        checkpoint.Current = Model(CurrentPrefix, state.CurrentDefinition);
        checkpoint.Seconds = state.Seconds;
        if (checkpoint.Current is not null) checkpoint.EarlierBounds = saved.Arrays["bounds"].ToDouble();
        return checkpoint;

        RowModel? Model(string prefix, JsonElement? definition) => definition is not { } known ? null
            : family.Load(known, saved.Arrays.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], static pair => pair.Value));
    }

    internal sealed record State(IReadOnlyList<DoneSize> Done, JsonElement? BestDefinition, int? CurrentSize, JsonElement? CurrentDefinition, double Seconds);
}

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
