using System.Numerics;

namespace Elbo.Numerics;

/// <summary>
/// A compiled graph: fill the inputs, run, read the outputs. Compile once and run many times; a run computes the outputs and then
/// assigns the updates.
/// </summary>
/// <typeparam name="T">float or double: the type of every number in the plan.</typeparam>
public sealed class Plan<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Tensor, T[]> _inputs = [];
    private readonly Tensor[] _outputs;
    private readonly Update[] _updates;
    private readonly T[][] _results;
    private readonly VariableStore<T> _variables;
    private readonly List<Tensor> _order;

    private Plan(VariableStore<T> variables, Tensor[] outputs, Update[] updates)
    {
        _variables = variables;
        _outputs = outputs;
        _updates = updates;
        _results = [.. outputs.Select(output => new T[output.Shape.ElementCount])];
        _order = GraphOrder.Of([.. outputs, .. updates.Select(update => update.Value)]);
        foreach (Tensor node in _order)
            if (node.Operation is InputOperation) _inputs[node] = new T[node.Shape.ElementCount];
    }

    /// <summary>Compiles a graph.</summary>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="variables">Where the variables' values live.</param>
    /// <param name="outputs">What each run computes, for <see cref="Output"/>.</param>
    /// <param name="updates">What each run assigns after everything is computed.</param>
    /// <exception cref="ArgumentException">An update's shape is not its variable's, or a variable is updated twice.</exception>
    public static Plan<T> Compile(Runtime runtime, VariableStore<T> variables, IReadOnlyList<Tensor> outputs, IReadOnlyList<Update>? updates = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(outputs);
        return new Plan<T>(variables, [.. outputs], [.. updates ?? []]);
    }

    /// <summary>The row-major values of an input, to be written before a run; they keep their values from run to run.</summary>
    /// <exception cref="ArgumentException">The tensor is not an input of this plan.</exception>
    public Span<T> Input(Tensor input) => _inputs.TryGetValue(input, out T[]? values)
        ? values
        : throw new ArgumentException($"{input} is not an input of this plan.", nameof(input));

    /// <summary>The row-major values of output <paramref name="index"/> after a run, valid until the next.</summary>
    public ReadOnlySpan<T> Output(int index) => _results[index];

    /// <summary>Computes the outputs and assigns the updates.</summary>
    /// <param name="stream">The random stream of this run; each random tensor draws from it, split by the tensor's key. Equal streams give equal draws.</param>
    public void Run(RandomStream stream = default)
    {
        Dictionary<Tensor, double[]> values = [];
        foreach (Tensor node in _order)
        {
            if (_inputs.TryGetValue(node, out T[]? given)) values[node] = Array.ConvertAll(given, double.CreateChecked);
            else if (node.Operation is VariableOperation leaf) values[node] = Array.ConvertAll(_variables[leaf.Variable].ToArray(), double.CreateChecked);
            else if (node.Operation is RandomOperation random) values[node] = Draw(random, stream);
        }

        double[][] results = ReferenceEvaluator.Evaluate([.. _outputs, .. _updates.Select(update => update.Value)], values);
        for (int i = 0; i < _outputs.Length; i++) _results[i] = Array.ConvertAll(results[i], T.CreateSaturating);
        for (int i = 0; i < _updates.Length; i++)
            for (int j = 0; j < results[_outputs.Length + i].Length; j++)
                _variables[_updates[i].Variable][j] = T.CreateSaturating(results[_outputs.Length + i][j]);
    }

    private static double[] Draw(RandomOperation random, RandomStream stream)
    {
        double[] draws = new double[random.Shape.ElementCount];
        RandomStream own = stream.Split(random.Key);
        if (random.Kind == RandomKind.Uniform) own.FillUniform(draws, 0);
        else if (random.Kind == RandomKind.Normal) own.FillNormal(draws, 0);
        else own.FillGumbel(draws, 0);
        return draws;
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
