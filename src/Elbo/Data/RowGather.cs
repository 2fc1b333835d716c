using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Data;

/// <summary>From stored values to what the model sees.</summary>
internal static class RowGather
{
    private const float Unit = 1f / 255f;

    /// <summary>Bytes to 0..1. A multiplication: at most one unit in the last place from the division, 0 and 255 exact.</summary>
    public static void Scale(ReadOnlySpan<byte> source, Span<float> destination)
    {
        int done = 0;
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination[..source.Length]);
        for (; done <= source.Length - Vector128<byte>.Count; done += Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref from, (nuint)done);
            if (Avx512F.IsSupported)
            {
                (Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes)) * Unit).StoreUnsafe(ref to, (nuint)done);
                continue;
            }

            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
            Store(low, ref to, done);
            Store(high, ref to, done + 8);
        }

        for (int i = done; i < source.Length; i++) destination[i] = source[i] * Unit;
    }

    private static void Store(Vector128<ushort> values, ref float to, int at)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(values);
        (Vector128.ConvertToSingle(low.AsInt32()) * Unit).StoreUnsafe(ref to, (nuint)at);
        (Vector128.ConvertToSingle(high.AsInt32()) * Unit).StoreUnsafe(ref to, (nuint)(at + 4));
    }
}
