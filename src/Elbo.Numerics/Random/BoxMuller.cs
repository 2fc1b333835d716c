using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Pairs of random words to pairs of standard normal draws: radius √(−2 log u) of the first, angle of the second
/// (Box and Muller 1958). In place: the halves of a group pair up lane by lane.
/// </summary>
internal static unsafe class SingleBoxMuller<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* data, int groups)
    {
        const int half = Philox.GroupWords / 2;
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < half; i += TLanes.Count)
            {
                Pair(TLanes.Load(data + i), TLanes.Load(data + half + i), out TVector first, out TVector second);
                TLanes.Store(first, data + i);
                TLanes.Store(second, data + half + i);
            }

            data += Philox.GroupWords;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(TVector radiusBits, TVector angleBits, out TVector first, out TVector second)
    {
        // u in (0, 1] with a grain of 2^-31 near 0, where the tail is: radii up to 6.66.
        TVector u = TLanes.MultiplyAdd(
            TLanes.ConvertBits(TLanes.ShiftRight(radiusBits, 1)), TLanes.Create(4.6566128730773926e-10f), TLanes.Create(2.3283064365386963e-10f));
        TVector radius = TLanes.Sqrt(TLanes.Multiply(TLanes.Create(-2f), SingleLogarithm<TLanes, TVector>.LogOfUnit(u)));
        // The signed word counts 2^-30 quarter turns in [-2, 2).
        TVector turns = TLanes.Multiply(TLanes.ConvertBits(angleBits), TLanes.Create(9.3132257461547852e-10f));
        TVector quarter = TLanes.Round(turns);
        TVector rest = TLanes.Multiply(TLanes.Subtract(turns, quarter), TLanes.Create(1.57079632679f));
        SingleTrigonometric<TLanes, TVector>.SinCos(quarter, rest, out TVector sine, out TVector cosine);
        first = TLanes.Multiply(radius, cosine);
        second = TLanes.Multiply(radius, sine);
    }
}

/// <summary>As <see cref="SingleBoxMuller{TLanes, TVector}"/>, in double precision.</summary>
internal static unsafe class DoubleBoxMuller<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(double* data, int groups)
    {
        const int half = Philox.GroupWords / 4;
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < half; i += TLanes.Count)
            {
                Pair(TLanes.Load(data + i), TLanes.Load(data + half + i), out TVector first, out TVector second);
                TLanes.Store(first, data + i);
                TLanes.Store(second, data + half + i);
            }

            data += 2 * half;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair(TVector radiusBits, TVector angleBits, out TVector first, out TVector second)
    {
        // u in (0, 1] with a grain of 2^-53: radii up to 8.65.
        TVector u = TLanes.MultiplyAdd(
            TLanes.ConvertBits(TLanes.ShiftRight(radiusBits, 11)), TLanes.Create(1.1102230246251565e-16), TLanes.Create(5.5511151231257827e-17));
        TVector radius = TLanes.Sqrt(TLanes.Multiply(TLanes.Create(-2d), DoubleLogarithm<TLanes, TVector>.LogOfUnit(u)));
        // The signed top 53 bits count 2^-51 quarter turns in [-2, 2).
        TVector turns = TLanes.Multiply(TLanes.ConvertBits(TLanes.ShiftRightArithmetic(angleBits, 11)), TLanes.Create(4.4408920985006262e-16));
        TVector quarter = TLanes.Round(turns);
        TVector rest = TLanes.Multiply(TLanes.Subtract(turns, quarter), TLanes.Create(1.57079632679489661923));
        DoubleTrigonometric<TLanes, TVector>.SinCos(quarter, rest, out TVector sine, out TVector cosine);
        first = TLanes.Multiply(radius, cosine);
        second = TLanes.Multiply(radius, sine);
    }
}
