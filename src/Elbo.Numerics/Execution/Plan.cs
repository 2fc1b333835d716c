using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Elbo.Numerics;

/// <summary>
/// A compiled graph: fill the inputs, run, read the outputs. Compile once and run many times; a run allocates nothing. It computes
/// the outputs and assigns the updates, every one from the values before the run.
/// </summary>
/// <remarks>The same inputs, variables and random stream give the same bytes, whatever the number of threads.</remarks>
/// <typeparam name="T">float or double: the type of every number in the plan.</typeparam>
public sealed unsafe class Plan<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Runtime _runtime;
    private readonly VariableStore<T> _variables;
    private readonly CompiledGraph<T> _graph;
    private readonly int[] _outputCounts;
    private nint _arena;

    private Plan(Runtime runtime, VariableStore<T> variables, CompiledGraph<T> graph, int[] outputCounts)
    {
        _runtime = runtime;
        _variables = variables;
        _graph = graph;
        _outputCounts = outputCounts;
        _arena = graph.Arena;
    }

    /// <summary>The bytes of memory that the plan owns, variables not counted.</summary>
    public long ArenaBytes => _graph.ArenaBytes;

    internal IReadOnlyList<Instruction> Instructions => _graph.Instructions;

    /// <summary>Compiles a graph.</summary>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="variables">Where the variables' values live; those it does not hold yet are added with zeros.</param>
    /// <param name="outputs">What each run computes, for <see cref="Output"/>.</param>
    /// <param name="updates">What each run assigns after everything is computed.</param>
    /// <exception cref="ArgumentException">An update's shape is not its variable's, or a variable is updated twice.</exception>
    public static Plan<T> Compile(Runtime runtime, VariableStore<T> variables, IReadOnlyList<Tensor> outputs, IReadOnlyList<Update>? updates = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(outputs);
        updates ??= [];
        HashSet<Variable> updated = [];
        foreach (Update update in updates)
        {
            if (!update.Value.Shape.Equals(update.Variable.Shape))
                throw new ArgumentException($"The variable {update.Variable} cannot be updated by a value of shape {update.Value.Shape}.", nameof(updates));
            if (!updated.Add(update.Variable))
                throw new ArgumentException($"The variable {update.Variable} is updated twice in one plan.", nameof(updates));
        }

        return new Plan<T>(runtime, variables, Compiler.Run(variables, outputs, updates), [.. outputs.Select(output => output.Shape.ElementCount)]);
    }

    /// <summary>The row-major values of an input, to be written before a run; they keep their values from run to run.</summary>
    /// <exception cref="ArgumentException">The tensor is not an input of this plan.</exception>
    public Span<T> Input(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ObjectDisposedException.ThrowIf(_arena == 0, this);
        return _graph.Inputs.TryGetValue(input, out PlanBuffer? buffer)
            ? new Span<T>((void*)buffer.Address, input.Shape.ElementCount)
            : throw new ArgumentException($"{input} is not an input of this plan.", nameof(input));
    }

    /// <summary>The row-major values of output <paramref name="index"/> after a run, valid until the next.</summary>
    public ReadOnlySpan<T> Output(int index)
    {
        ObjectDisposedException.ThrowIf(_arena == 0, this);
        return new ReadOnlySpan<T>((void*)_graph.Outputs[index].Address, _outputCounts[index]);
    }

    /// <summary>Computes the outputs and assigns the updates.</summary>
    /// <param name="stream">The random stream of this run; each random tensor draws from it, split by the tensor's key. Equal streams give equal draws.</param>
    public void Run(RandomStream stream = default)
    {
        ObjectDisposedException.ThrowIf(_arena == 0, this);
        foreach (Instruction instruction in _graph.Instructions) instruction.Run(_runtime.Pool, stream);
        GC.KeepAlive(_variables);
    }

    /// <summary>The instructions, one a line, with the median time of each over some runs. The runs assign the updates like any other.</summary>
    public string Profile(int runs, RandomStream stream = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        double[][] times = [.. _graph.Instructions.Select(_ => new double[runs])];
        for (int run = 0; run < runs; run++)
            for (int i = 0; i < times.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                _graph.Instructions[i].Run(_runtime.Pool, stream);
                times[i][run] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

        StringBuilder text = new();
        double total = 0;
        for (int i = 0; i < times.Length; i++)
        {
            Array.Sort(times[i]);
            double median = times[i][runs / 2];
            total += median;
            long work = _graph.Instructions[i].MultiplyAdds;
            string rate = work > 0 ? $"{2 * work / median / 1000,7:F1} GFLOP/s" : new string(' ', 15);
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{median,8:F1} µs {rate} {_graph.Instructions[i].Parts,3} parts  {_graph.Instructions[i].Description}");
        }

        return text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{total,8:F1} µs in {times.Length} instructions, arena {ArenaBytes / 1024} KiB").ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree((void*)_arena);
        _arena = 0;
    }

    /// <summary>Frees the memory of a plan that was not disposed.</summary>
    ~Plan() => Free();
}
