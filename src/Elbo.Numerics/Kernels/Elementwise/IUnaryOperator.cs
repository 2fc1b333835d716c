namespace Elbo.Numerics;

/// <summary>A function of one variable, written once for every vector width.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IUnaryOperator<T>
    where T : unmanaged
{
    static abstract TVector Invoke<TLanes, TVector>(TVector x)
        where TLanes : struct, IElementLanes<TVector, T>
        where TVector : unmanaged;
}
