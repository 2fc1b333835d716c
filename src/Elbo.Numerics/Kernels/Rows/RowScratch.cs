using System.Buffers;
using System.Runtime.InteropServices;

namespace Elbo.Numerics;

/// <summary>Borrowed memory that begins at the start of a cache line: a vector across two lines is loaded at half speed.</summary>
internal readonly unsafe ref struct RowScratch : IDisposable
{
    private const int Alignment = 64;

    private readonly double[] array;
    private readonly GCHandle handle;

    public RowScratch(long length)
    {
        array = ArrayPool<double>.Shared.Rent(checked((int)length + Alignment / sizeof(double)));
        handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        Pointer = (double*)(((nint)handle.AddrOfPinnedObject() + Alignment - 1) & ~(nint)(Alignment - 1));
    }

    public double* Pointer { get; }

    public void Dispose()
    {
        handle.Free();
        ArrayPool<double>.Shared.Return(array);
    }
}
