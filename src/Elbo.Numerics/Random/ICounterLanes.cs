namespace Elbo.Numerics;

/// <summary>Vectors of 64-bit lanes, each with one 32-bit word of one Philox block in its low half.</summary>
internal unsafe interface ICounterLanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Blocks per vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Create(ulong value);

    /// <summary><c>first, first + 1, …</c></summary>
    static abstract TVector Sequence(ulong first);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>The 64-bit product of the low 32 bits; the high halves are ignored.</summary>
    static abstract TVector MultiplyLow(TVector a, TVector b);

    static abstract TVector High(TVector a);

    /// <summary>The low half of <paramref name="low"/> below the low half of <paramref name="high"/>.</summary>
    static abstract TVector Pack(TVector low, TVector high);

    static abstract void Store(TVector value, uint* destination);
}
