using System.Numerics;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The micro-kernels of one vector width, by tile height and number of vectors in a row.</summary>
internal sealed unsafe class MicroKernelTable<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Heights = 14;
    private readonly nint[] _kernels = new nint[Heights * 2];

    private MicroKernelTable(int lanes, int maxRows)
    {
        Lanes = lanes;
        MaxRows = maxRows;
    }

    /// <summary>Elements in a vector.</summary>
    public int Lanes { get; }

    /// <summary>Rows of the highest tile.</summary>
    public int MaxRows { get; }

    /// <summary>Columns of the widest tile: two vectors.</summary>
    public int MaxColumns => 2 * Lanes;

    public static MicroKernelTable<T> For(VectorWidth width) => width switch
    {
        VectorWidth.Vector512 => Make<Vector512<T>, Lanes512<T>>(),
        VectorWidth.Vector256 => Make<Vector256<T>, Lanes256<T>>(),
        VectorWidth.Vector128 => Make<Vector128<T>, Lanes128<T>>(),
        _ => Make<T, LanesScalar<T>>(),
    };

    /// <summary>The kernel of a tile of <paramref name="rows"/> rows of <paramref name="columns"/> vectors; its parameters are those of <see cref="MicroKernel{T, TVector, TLanes}.Run"/>.</summary>
    public delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, void> Kernel(int rows, int columns) =>
        (delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, void>)_kernels[(rows - 1) * 2 + columns - 1];

    private static MicroKernelTable<T> Make<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        var table = new MicroKernelTable<T>(TLanes.Count, TLanes.MaxRows);
        for (var rows = 1; rows <= TLanes.MaxRows; rows++)
        {
            for (var columns = 1; columns <= 2; columns++)
                table._kernels[(rows - 1) * 2 + columns - 1] = (nint)Pointer<TVector, TLanes>(rows, columns);
        }
        return table;
    }

    private static delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, void> Pointer<TVector, TLanes>(int rows, int columns)
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        return rows switch
        {
            1 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<One, One> : &MicroKernel<T, TVector, TLanes>.Run<One, Two>,
            2 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Two, One> : &MicroKernel<T, TVector, TLanes>.Run<Two, Two>,
            3 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Three, One> : &MicroKernel<T, TVector, TLanes>.Run<Three, Two>,
            4 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Four, One> : &MicroKernel<T, TVector, TLanes>.Run<Four, Two>,
            5 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Five, One> : &MicroKernel<T, TVector, TLanes>.Run<Five, Two>,
            6 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Six, One> : &MicroKernel<T, TVector, TLanes>.Run<Six, Two>,
            7 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Seven, One> : &MicroKernel<T, TVector, TLanes>.Run<Seven, Two>,
            8 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Eight, One> : &MicroKernel<T, TVector, TLanes>.Run<Eight, Two>,
            9 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Nine, One> : &MicroKernel<T, TVector, TLanes>.Run<Nine, Two>,
            10 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Ten, One> : &MicroKernel<T, TVector, TLanes>.Run<Ten, Two>,
            11 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Eleven, One> : &MicroKernel<T, TVector, TLanes>.Run<Eleven, Two>,
            12 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Twelve, One> : &MicroKernel<T, TVector, TLanes>.Run<Twelve, Two>,
            13 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Thirteen, One> : &MicroKernel<T, TVector, TLanes>.Run<Thirteen, Two>,
            14 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Fourteen, One> : &MicroKernel<T, TVector, TLanes>.Run<Fourteen, Two>,
            _ => throw new ArgumentOutOfRangeException(nameof(rows), rows, "No tile is that high."),
        };
    }
}
