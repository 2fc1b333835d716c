using System.Numerics;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The micro-kernels of one vector width, by tile height and number of vectors in a row.</summary>
internal sealed unsafe class MicroKernelTable<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Heights = 14;
    private readonly nint[] _kernels = new nint[Heights * 2];
    private readonly nint[] _indexed = new nint[Heights * 2];

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

    /// <summary>The kernel of a tile of <paramref name="rows"/> rows of <paramref name="columns"/> vectors; its parameters are those of <see cref="MicroKernel{T, TVector, TLanes}.Run"/>, the offsets null.</summary>
    public delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, bool, void> Kernel(int rows, int columns) =>
        (delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, bool, void>)_kernels[(rows - 1) * 2 + columns - 1];

    /// <summary>The kernel that finds the rows of B by offsets.</summary>
    public delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, bool, void> IndexedKernel(int rows, int columns) =>
        (delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, bool, void>)_indexed[(rows - 1) * 2 + columns - 1];

    private static MicroKernelTable<T> Make<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        var table = new MicroKernelTable<T>(TLanes.Count, TLanes.MaxRows);
        for (var rows = 1; rows <= TLanes.MaxRows; rows++)
        {
            for (var columns = 1; columns <= 2; columns++)
            {
                table._kernels[(rows - 1) * 2 + columns - 1] = (nint)Pointer<TVector, TLanes, Zero>(rows, columns);
                table._indexed[(rows - 1) * 2 + columns - 1] = (nint)Pointer<TVector, TLanes, One>(rows, columns);
            }
        }
        return table;
    }

    private static delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, bool, void> Pointer<TVector, TLanes, TIndexed>(int rows, int columns)
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TIndexed : struct, IConstant
    {
        return rows switch
        {
            1 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<One, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<One, Two, TIndexed>,
            2 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Two, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Two, Two, TIndexed>,
            3 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Three, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Three, Two, TIndexed>,
            4 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Four, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Four, Two, TIndexed>,
            5 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Five, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Five, Two, TIndexed>,
            6 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Six, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Six, Two, TIndexed>,
            7 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Seven, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Seven, Two, TIndexed>,
            8 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Eight, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Eight, Two, TIndexed>,
            9 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Nine, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Nine, Two, TIndexed>,
            10 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Ten, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Ten, Two, TIndexed>,
            11 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Eleven, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Eleven, Two, TIndexed>,
            12 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Twelve, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Twelve, Two, TIndexed>,
            13 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Thirteen, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Thirteen, Two, TIndexed>,
            14 => columns == 1 ? &MicroKernel<T, TVector, TLanes>.Run<Fourteen, One, TIndexed> : &MicroKernel<T, TVector, TLanes>.Run<Fourteen, Two, TIndexed>,
            _ => throw new ArgumentOutOfRangeException(nameof(rows), rows, "No tile is that high."),
        };
    }
}
