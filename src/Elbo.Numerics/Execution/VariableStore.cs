using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Numerics;

/// <summary>
/// The numbers of variables, in memory that plans read and write in place. One store can serve many plans: a training step and an
/// evaluation that share parameters are two plans over one store.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class VariableStore<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Variable, nint> _buffers = [];
    private readonly List<Variable> _order = [];

    /// <summary>The variables held, in the order they were added.</summary>
    public IReadOnlyList<Variable> Variables => _order;

    /// <summary>The row-major values of a variable, added with zeros when it is new. The memory stays where it is until the store is disposed.</summary>
    public Span<T> this[Variable variable]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(variable);
            return new Span<T>(Pointer(variable), variable.Shape.ElementCount);
        }
    }

    /// <summary>Whether the store holds the variable.</summary>
    public bool Contains(Variable variable) => _buffers.ContainsKey(variable);

    internal T* Pointer(Variable variable)
    {
        if (_buffers.TryGetValue(variable, out nint address)) return (T*)address;
        nuint bytes = (nuint)variable.Shape.ElementCount * (nuint)sizeof(T);
        T* buffer = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(buffer, bytes);
        _buffers.Add(variable, (nint)buffer);
        _order.Add(variable);
        return buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint buffer in _buffers.Values) NativeMemory.AlignedFree((void*)buffer);
        _buffers.Clear();
        _order.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a store that was not disposed.</summary>
    ~VariableStore()
    {
        foreach (nint buffer in _buffers.Values) NativeMemory.AlignedFree((void*)buffer);
    }
}
