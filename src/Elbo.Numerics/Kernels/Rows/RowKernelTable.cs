using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The loops over rows of one width of vectors.</summary>
internal sealed unsafe class RowKernelTable
{
    /// <summary>The loops of the widest vectors of this machine.</summary>
    public static readonly RowKernelTable Widest = For(VectorWidths.Widest);

    public required int Lanes { get; init; }

    public required int PanelRows { get; init; }

    public required delegate*<double*, double*, double*, double*, int, double*, void> Triangular { get; init; }

    public required delegate*<double*, double*, double*, double*, int, double*, void> Transform { get; init; }

    public required delegate*<double*, double*, double*, double*, double*, int, double*, double*, void> Scaled { get; init; }

    public required delegate*<double*, double*, int, double*, int, int, double*, double*, int> Pack { get; init; }

    public required delegate*<double*, int, int, int, double*, void> Outer { get; init; }

    public required delegate*<double*, double*, int, double*, int, double*, double*, void> Squares { get; init; }

    public required delegate*<double*, double*, int, int, double*, double, double*, double*, void> Normalize { get; init; }

    /// <summary>The loops of one width; tests run them all.</summary>
    public static RowKernelTable For(VectorWidth width) => width switch
    {
        VectorWidth.Vector512 => Make<DoubleLanes512, Vector512<double>>(),
        VectorWidth.Vector256 => Make<DoubleLanes256, Vector256<double>>(),
        VectorWidth.Vector128 => Make<DoubleLanes128, Vector128<double>>(),
        _ => Make<ScalarDoubleLanes, double>(),
    };

    private static RowKernelTable Make<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector, double>
        where TVector : unmanaged => new()
        {
            Lanes = TLanes.Count,
            PanelRows = DistanceLoops<TLanes, TVector>.Rows,
            Triangular = &DistanceLoops<TLanes, TVector>.Triangular,
            Transform = &DistanceLoops<TLanes, TVector>.Transform,
            Scaled = &DistanceLoops<TLanes, TVector>.Scaled,
            Pack = &MomentLoops<TLanes, TVector>.Pack,
            Outer = &MomentLoops<TLanes, TVector>.Outer,
            Squares = &MomentLoops<TLanes, TVector>.Squares,
            Normalize = &ResponsibilityLoops<TLanes, TVector>.Normalize,
        };
}
