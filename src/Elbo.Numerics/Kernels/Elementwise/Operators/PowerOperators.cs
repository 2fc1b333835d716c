using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>a^b</c> with the special cases of <see cref="Math.Pow"/>, which computes it: an e^(b·log a) in double precision is not accurate enough.</summary>
internal readonly unsafe struct PowerOperator : IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TVector Invoke<TLanes, TVector>(TVector a, TVector b)
        where TLanes : struct, IElementLanes<TVector, double>
        where TVector : unmanaged
    {
        double* x = stackalloc double[TLanes.Count];
        double* y = stackalloc double[TLanes.Count];
        TLanes.Store(a, x);
        TLanes.Store(b, y);
        for (int i = 0; i < TLanes.Count; i++)
            x[i] = Math.Pow(x[i], y[i]);
        return TLanes.Load(x);
    }
}

/// <summary><c>a^b</c> of floats widened to double precision, where e^(b·log a) is good to 2^−44; special cases go to <see cref="Math.Pow"/>.</summary>
internal readonly struct PowerOfSingleOperator : IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TLanes, TVector>(TVector a, TVector b)
        where TLanes : struct, IElementLanes<TVector, double>
        where TVector : unmanaged
    {
        TVector infinity = TLanes.Create(double.PositiveInfinity);
        TVector product = TLanes.Multiply(b, DoubleLogarithm<TLanes, TVector>.Log(a));
        TVector result = DoubleExponential<TLanes, TVector>.Exp(product);
        TVector isOrdinary = TLanes.And(TLanes.LessThan(TLanes.Create(0d), a), TLanes.LessThan(a, infinity));
        isOrdinary = TLanes.And(isOrdinary, TLanes.LessThan(TLanes.Abs(b), infinity));
        TVector isSpecial = TLanes.AndNot(TLanes.Create(BitConverter.UInt64BitsToDouble(ulong.MaxValue)), isOrdinary);
        return TLanes.Any(isSpecial) ? TLanes.Select(isOrdinary, result, PowerOperator.Invoke<TLanes, TVector>(a, b)) : result;
    }
}
