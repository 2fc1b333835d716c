using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The width of the vectors a kernel is built for.</summary>
internal enum VectorWidth
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}

internal static class VectorWidths
{
    /// <summary>The widest vectors that this process runs as machine instructions.</summary>
    public static VectorWidth Widest =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Vector512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Vector256
        : Vector128.IsHardwareAccelerated ? VectorWidth.Vector128
        : VectorWidth.Scalar;
}
