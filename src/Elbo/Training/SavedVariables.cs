using System.Numerics;
using System.Runtime.InteropServices;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>The variables that make up a run's state, and a copy of their values in memory to go back to.</summary>
internal sealed class SavedVariables
{
    private readonly VariableStore<float> _store;
    private readonly float[][] _copies;

    public SavedVariables(VariableStore<float> store, IReadOnlyList<Parameter> parameters)
    {
        _store = store;
        Parameters = parameters;
        _copies = [.. parameters.Select(parameter => new float[parameter.Shape.ElementCount])];
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<float[]> Copies => _copies;

    public void Copy()
    {
        for (int i = 0; i < _copies.Length; i++) _store[Parameters[i].Variable].CopyTo(_copies[i]);
    }

    public void Restore()
    {
        for (int i = 0; i < _copies.Length; i++) _copies[i].CopyTo(_store[Parameters[i].Variable]);
    }

    /// <summary>The first variable that holds a NaN or an infinity; null where all is well.</summary>
    public Parameter? FirstNonFinite()
    {
        for (int i = 0; i < Parameters.Count; i++)
            if (!IsFinite(_store[Parameters[i].Variable])) return Parameters[i];
        return null;
    }

    /// <summary>Whether every number is finite.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values)
    {
        // x − x is 0 for finite numbers and NaN otherwise, and sums keep a NaN: no branch in the loop.
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> sum = Vector<float>.Zero;
        foreach (Vector<float> vector in vectors) sum += vector - vector;
        float total = Vector.Sum(sum);
        foreach (float value in values[(vectors.Length * Vector<float>.Count)..]) total += value - value;
        return total == 0;
    }
}
