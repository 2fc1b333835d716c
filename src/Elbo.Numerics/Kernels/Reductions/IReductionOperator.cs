namespace Elbo.Numerics;

/// <summary>What is added up, or the largest of what: an accumulation step and the combination of two partial results.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IReductionOperator<T>
    where T : unmanaged
{
    /// <summary>The partial result of no elements.</summary>
    static abstract T Initial { get; }

    /// <summary>An element that changes no partial result: pads short runs to whole vectors.</summary>
    static abstract T Padding(T parameter);

    static abstract TVector Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter)
        where TLanes : struct, IElementLanes<TVector, T>
        where TVector : unmanaged;

    static abstract TVector Combine<TLanes, TVector>(TVector a, TVector b)
        where TLanes : struct, IElementLanes<TVector, T>
        where TVector : unmanaged;
}
