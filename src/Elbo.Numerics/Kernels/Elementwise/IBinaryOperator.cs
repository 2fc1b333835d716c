namespace Elbo.Numerics;

/// <summary>A function of two variables, written once for every vector width.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IBinaryOperator<T>
    where T : unmanaged
{
    static abstract TVector Invoke<TLanes, TVector>(TVector a, TVector b)
        where TLanes : struct, IElementLanes<TVector, T>
        where TVector : unmanaged;
}
