using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The distributions that raw words can be turned into, group by group and in place.</summary>
internal enum RandomTransform
{
    Uniform,
    Normal,
    Gumbel,
}

/// <summary>Loops <c>(data, groups)</c> that turn groups of 32 random words into draws.</summary>
internal static unsafe class RandomKernels
{
    public static delegate*<float*, int, void> Single(RandomTransform transform, VectorWidth width) => width switch
    {
        VectorWidth.Vector512 => Single<SingleLanes512, Vector512<float>>(transform),
        VectorWidth.Vector256 => Single<SingleLanes256, Vector256<float>>(transform),
        VectorWidth.Vector128 => Single<SingleLanes128, Vector128<float>>(transform),
        _ => Single<ScalarSingleLanes, float>(transform),
    };

    public static delegate*<double*, int, void> Double(RandomTransform transform, VectorWidth width) => width switch
    {
        VectorWidth.Vector512 => Double<DoubleLanes512, Vector512<double>>(transform),
        VectorWidth.Vector256 => Double<DoubleLanes256, Vector256<double>>(transform),
        VectorWidth.Vector128 => Double<DoubleLanes128, Vector128<double>>(transform),
        _ => Double<ScalarDoubleLanes, double>(transform),
    };

    private static delegate*<float*, int, void> Single<TLanes, TVector>(RandomTransform transform)
        where TLanes : struct, IElementLanes<TVector, float>
        where TVector : unmanaged => transform switch
        {
            RandomTransform.Uniform => &InPlace<UniformOfBitsOperator, TLanes, TVector, float>,
            RandomTransform.Gumbel => &InPlace<GumbelOfBitsOperator, TLanes, TVector, float>,
            _ => &SingleBoxMuller<TLanes, TVector>.Run,
        };

    private static delegate*<double*, int, void> Double<TLanes, TVector>(RandomTransform transform)
        where TLanes : struct, IElementLanes<TVector, double>
        where TVector : unmanaged => transform switch
        {
            RandomTransform.Uniform => &InPlace<UniformOfBitsOperator, TLanes, TVector, double>,
            RandomTransform.Gumbel => &InPlace<GumbelOfBitsOperator, TLanes, TVector, double>,
            _ => &DoubleBoxMuller<TLanes, TVector>.Run,
        };

    private static void InPlace<TOperator, TLanes, TVector, T>(T* data, int groups)
        where TOperator : struct, IUnaryOperator<T>
        where TLanes : struct, IElementLanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged =>
        UnaryLoop<TOperator, TLanes, TVector, T>.Run(data, data, groups * (Philox.GroupWords * sizeof(uint) / sizeof(T)));
}
