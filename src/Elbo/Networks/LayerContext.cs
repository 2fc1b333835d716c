using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>What a layer may need besides its input: whether this is training, fresh random keys, and a place for updates of state.</summary>
/// <remarks>Make one for each graph that is built, and hand it to every layer of that graph.</remarks>
public sealed class LayerContext
{
    private readonly Dictionary<Variable, Tensor> _assigned = [];
    private readonly List<Variable> _order = [];
    private readonly List<WatchedTensor> _watched = [];
    private ulong _nextKey;

    /// <summary>Creates a context for one graph.</summary>
    /// <param name="isTraining">Whether the graph trains: dropout drops, batch normalisation uses the batch.</param>
    /// <param name="firstKey">The first random key to hand out; graphs run with the same stream that must draw differently start elsewhere.</param>
    public LayerContext(bool isTraining, ulong firstKey = 1)
    {
        IsTraining = isTraining;
        _nextKey = firstKey;
    }

    /// <summary>Whether the graph trains.</summary>
    public bool IsTraining { get; }

    /// <summary>The assignments that layers asked for, at most one for each variable, for the end of a training step.</summary>
    public IReadOnlyList<Update> Updates => [.. _order.Select(variable => new Update(variable, _assigned[variable]))];

    /// <summary>Intermediate values by name, in the order of application: where a training step fails, the first that is not finite names the layer.</summary>
    public IReadOnlyList<WatchedTensor> Watched => _watched;

    /// <summary>Notes an intermediate value under the layer's name; it costs nothing unless a training step fails.</summary>
    /// <param name="name">The layer's name: <c>encoder.0</c>.</param>
    /// <param name="value">Its output.</param>
    /// <returns><paramref name="value"/>.</returns>
    public Tensor Watch(string name, Tensor value)
    {
        _watched.Add(new WatchedTensor(name, value));
        return value;
    }

    /// <summary>A random key that nobody else in this graph has.</summary>
    public ulong NextKey() => _nextKey++;

    /// <summary>The value a variable will have at the end of the step as known so far: what was assigned last, or its value at the start.</summary>
    public Tensor Current(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _assigned.TryGetValue(variable, out Tensor? value) ? value : variable.Value;
    }

    /// <summary>Asks for an assignment at the end of the step, in place of an earlier one to the same variable.</summary>
    /// <param name="variable">The variable to write.</param>
    /// <param name="value">Its new value; build it on <see cref="Current"/> so that a layer applied twice in one graph counts both.</param>
    public void Assign(Variable variable, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(value);
        if (!_assigned.ContainsKey(variable)) _order.Add(variable);
        _assigned[variable] = value;
    }
}

/// <summary>An intermediate value of a graph and the name of the layer that made it.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Value">Its output.</param>
public readonly record struct WatchedTensor(string Name, Tensor Value);
