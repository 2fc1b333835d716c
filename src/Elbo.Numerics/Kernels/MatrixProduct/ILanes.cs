namespace Elbo.Numerics;

/// <summary>What the micro-kernel asks of a vector of <typeparamref name="T"/>; one implementation per width.</summary>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged
    where TVector : struct
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the largest tile (with two vectors a row) whose sums stay in registers.</summary>
    static abstract int MaxRows { get; }

    static abstract TVector Broadcast(T* source);

    static abstract TVector Load(T* source);

    static abstract void Store(T* target, TVector value);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary><c>left · right + addend</c>, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
}
