using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>One fit of a mixture of any family: checks the rows, makes the starts, runs EM.</summary>
/// <typeparam name="TModel">The mixture.</typeparam>
internal sealed record MixtureFit<TModel>
    where TModel : MixtureModel
{
    /// <summary>Makes components that do not depend on the row, all alike, with the choices that were asked for.</summary>
    public required Func<ColumnSummary, ComponentFamily> Neutral { get; init; }

    /// <summary>Makes components of a definition and parameters, as <c>Load</c> does.</summary>
    public required Func<JsonElement, int, int, IReadOnlyDictionary<string, NumericArray>, ComponentFamily> Load { get; init; }

    /// <summary>Makes the model of weights and components.</summary>
    public required Func<MixtureState, TModel> Model { get; init; }

    /// <summary>Whether rows of this family repeat, so that starts are made of the different ones.</summary>
    public bool HasEqualRows { get; init; }

    /// <summary>Whether EM too runs over the different rows with their counts, where that pays.</summary>
    public bool Collapse { get; init; } = true;

    public FitResult<TModel> Run(Observations rows, MixtureOptions options, FitOptions? fitOptions, Runtime? runtime, CancellationToken cancellation)
    {
        fitOptions ??= new FitOptions();
        fitOptions.Check();
        using Runtime? own = runtime is null ? new Runtime() : null;
        runtime ??= own!;
        if (options.StartModel is { } model && model.Columns != rows.Columns)
            throw new ElboException($"The model to start from has {model.Columns} columns, and '{rows.Name}' has {rows.Columns}; give the columns that the model was fitted on.");
        ColumnSummary summary = ColumnSummary.Of(rows, runtime);
        ComponentFamily neutral = Neutral(summary);
        neutral.CheckFit(summary, rows);
        DistinctRows.Check(rows, options.Components);
        Observations distinct = HasEqualRows ? CollapsedRows.Of(rows) : rows;
        bool given = options.StartModel is not null || options.StartParameters is not null;
        FitResult<TModel> result = MixtureEm.Fit(
            Collapse ? distinct : rows, Starts(distinct, options, neutral, summary, new RandomStream(fitOptions.Seed)), Model, given ? fitOptions with { Restarts = 1 } : fitOptions, runtime, cancellation);
        return result with { Explanation = result.Explanation + neutral.Remark(summary, rows) };
    }

    private Func<int, MixtureState> Starts(Observations rows, MixtureOptions options, ComponentFamily neutral, ColumnSummary summary, RandomStream random)
    {
        Lazy<MixtureStart> sample = new(() => MixtureStart.Of(rows, summary, random.Split(0), neutral));
        if ((options.StartParameters ?? options.StartModel?.Parameters.ToDictionary()) is not { } parameters) return restart => sample.Value.Make(neutral, options.Start, random.Split((ulong)restart));
        return _ => Given(parameters, options.StartModel is null ? () => sample.Value.Make(neutral, options.Start, random.Split(1)) : null, neutral);
    }

    private MixtureState Given(IReadOnlyDictionary<string, NumericArray> parameters, Func<MixtureState>? make, ComponentFamily neutral)
    {
        string[] names = [.. neutral.Parameters.Select(static parameter => parameter.Key)];
        foreach (string name in parameters.Keys)
            if (name != "weights" && !names.Contains(name)) throw new ElboException($"This mixture has no parameter '{name}' to start from; give weights, {string.Join(", ", names)}, or some of them.");
        int components = neutral.Components;
        double[]? weights = parameters.ContainsKey("weights") ? MixtureEm.CheckWeights(MixtureDefinition.Values(parameters, "weights", components), components) : null;
        Dictionary<string, NumericArray> all = [];
        if (make is not null && (weights is null || names.Any(name => !parameters.ContainsKey(name))))
        {
            MixtureState made = make();
            weights ??= made.Weights;
            foreach ((string name, NumericArray array) in made.Family.Parameters) all[name] = array;
        }

        foreach ((string name, NumericArray array) in parameters) all[name] = array;
        return new MixtureState(weights!, Load(JsonObjects.Write(neutral.WriteDefinition), components, neutral.Columns, all));
    }
}
