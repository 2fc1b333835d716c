namespace Elbo.Numerics;

/// <summary>A function of three variables, written once for every vector width.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ITernaryOperator<T>
    where T : unmanaged
{
    static abstract TVector Invoke<TLanes, TVector>(TVector a, TVector b, TVector c)
        where TLanes : struct, IElementLanes<TVector, T>
        where TVector : unmanaged;
}
