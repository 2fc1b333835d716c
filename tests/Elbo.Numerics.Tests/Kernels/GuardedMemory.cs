using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Numerics.Tests;

/// <summary>Native memory of an exact size between two guard zones: NaN that a stray read would spread, and that a stray write would change.</summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Guard = 96;
    private readonly T* _memory;

    /// <summary>Allocates; <paramref name="offset"/> shifts the start away from 64-byte alignment.</summary>
    public GuardedMemory(int length, int offset = 0)
    {
        Length = length;
        _memory = (T*)NativeMemory.AlignedAlloc((nuint)((length + 2 * Guard + offset) * sizeof(T)), 64);
        new Span<T>(_memory, length + 2 * Guard + offset).Fill(T.NaN);
        Pointer = _memory + Guard + offset;
    }

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);

    public GuardedMemory<T> FillRandom(Random random)
    {
        foreach (ref var value in Span)
            value = T.CreateChecked(random.NextDouble() * 2 - 1);
        return this;
    }

    /// <summary>Fails if anything was written beside the memory.</summary>
    public void CheckGuards()
    {
        for (var i = 1; i <= Guard; i++)
        {
            if (!T.IsNaN(Pointer[-i]))
                Assert.Fail($"element {-i} was overwritten");
            if (!T.IsNaN(Pointer[Length + i - 1]))
                Assert.Fail($"element {Length + i - 1} of {Length} was overwritten");
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
