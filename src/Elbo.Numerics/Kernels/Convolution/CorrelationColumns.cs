using System.Numerics;

namespace Elbo.Numerics;

/// <summary>
/// The patches of a group of images as the operand B of the micro-kernel: one column for each place of the grid, one row for each
/// term of a phase's sum.
/// </summary>
/// <remarks>
/// <para>
/// Where it wastes little, nothing is copied for each tap: a plane is kept once for each horizontal place of a tap, its
/// rows back to back, so that vertical neighbours are a fixed distance apart and any run of grid places is contiguous. The
/// kernel finds a term's row by its offset. Images then start at a new vector, or, if their places do not fill vectors, follow
/// one another with the few rows in between that belong to no place of the grid.
/// </para>
/// <para>Where both would waste more than <see cref="Tolerance"/>, each panel of columns is copied term by term.</para>
/// </remarks>
internal sealed unsafe class CorrelationColumns<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Idle columns per useful one up to which the shared planes are faster than copies of patches.</summary>
    private const double Tolerance = 0.15;

    private readonly PatchTable<T>? _planes;
    private readonly PatchTable<T>[] _panels = [];
    private readonly int[][] _offsets;
    private readonly int[] _vectors = [];
    private readonly int _rows;
    private readonly int _step;
    private readonly int _lanes;
    private readonly int _deepest;

    public CorrelationColumns(CorrelationGeometry<T> geometry, int images, VectorWidth width, int lanes)
    {
        _lanes = lanes;
        _deepest = geometry.Phases.Max(phase => phase.Depth);
        var pixels = geometry.GridPixels;
        var height = geometry.GridHeight + geometry.Phases.Max(phase => phase.Sources.Select(source => source.Y / geometry.SourceStrideY).DefaultIfEmpty().Max());
        var aligned = (pixels + lanes - 1) / lanes * lanes;
        var following = height * geometry.GridWidth;
        var shared = Math.Min(aligned, following) <= pixels * (1 + Tolerance);
        ImageColumns = shared ? Math.Min(aligned, following) : pixels;
        Group = GroupOf(images, ImageColumns, lanes);
        Planes = geometry.CreatePlanes(Group);
        if (shared)
        {
            var rows = geometry.Phases.SelectMany(phase => phase.Sources).Select(PlaneOffset).Distinct().ToArray();
            var rowOf = rows.Index().ToDictionary(row => row.Item, row => row.Index);
            _rows = rows.Length;
            _planes = new PatchTable<T>(rows, Group, Planes.PlaneSize, height, geometry.GridWidth, Planes.Pitch, int.MaxValue, width);
            _step = _planes.Columns + (_planes.Columns * sizeof(T) % 1024 == 0 ? PatchTable<T>.Slack : 0);
            _offsets = Array.ConvertAll(geometry.Phases, phase => Array.ConvertAll(
                phase.Sources, source => rowOf[PlaneOffset(source)] * _step + source.Y / Planes.StrideY * geometry.GridWidth));
            var perImage = aligned / lanes;
            _vectors = ImageColumns == aligned
                ? [.. Enumerable.Range(0, Group * perImage).Select(vector => vector / perImage * following + vector % perImage * lanes)]
                : [.. Enumerable.Range(0, (Group * following + lanes - 1) / lanes).Select(vector => vector * lanes)];
            Columns = _vectors.Length * lanes;
        }
        else
        {
            _panels = Array.ConvertAll(geometry.Phases, phase => new PatchTable<T>(
                Array.ConvertAll(phase.Sources, source => PlaneOffset(source) + source.Y / Planes.StrideY * Planes.Pitch),
                Group, Planes.PlaneSize, geometry.GridHeight, geometry.GridWidth, Planes.Pitch, 2 * lanes, width));
            _offsets = Array.ConvertAll(geometry.Phases, phase => Enumerable.Range(0, phase.Depth).Select(k => k * 2 * lanes).ToArray());
            Columns = _panels[0].Panels * 2 * lanes;
        }
    }

    /// <summary>The planes of a group of source images.</summary>
    public PatchPlanes<T> Planes { get; }

    /// <summary>Images that are computed together, so that their columns fill panels, or nearly.</summary>
    public int Group { get; }

    /// <summary>Columns of a whole group, in whole vectors.</summary>
    public int Columns { get; }

    /// <summary>Distance of the first columns of consecutive images.</summary>
    public int ImageColumns { get; }

    /// <summary>Elements of memory that a worker needs for the operand.</summary>
    public nint Elements => (_planes is null ? (nint)_deepest * 2 * _lanes : (nint)_rows * _step) + 2 * PatchTable<T>.Slack;

    /// <summary>The terms' rows, as offsets for the kernel.</summary>
    public ReadOnlySpan<int> Offsets(int phase) => _offsets[phase];

    /// <summary>Prepares what all panels of the group share.</summary>
    public void Prepare(T* planes, T* operand) => _planes?.Copy(planes, 0, _rows, 0, operand, _step);

    /// <summary>A panel of two vectors of columns.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="planes">The images' planes.</param>
    /// <param name="operand">The worker's memory for the operand.</param>
    /// <param name="next">Distance of its second vector from the first.</param>
    /// <returns>The first vector, for offset 0.</returns>
    public T* Panel(int phase, int panel, T* planes, T* operand, out int next)
    {
        if (_planes is null)
        {
            _panels[phase].Copy(planes, 0, _offsets[phase].Length, panel, operand, 2 * _lanes);
            next = _lanes;
            return operand;
        }
        var vector = 2 * panel;
        next = vector + 1 < _vectors.Length ? _vectors[vector + 1] - _vectors[vector] : 0;
        return operand + _vectors[vector];
    }

    /// <summary>The place of a term's column of sources in the planes, from the plane's first row on.</summary>
    private int PlaneOffset(CorrelationSource source) =>
        source.Channel * Planes.ChannelSize + Planes.Offset(source.Y % Planes.StrideY, source.X);

    private static int GroupOf(int images, int imageColumns, int lanes)
    {
        var panel = 2 * lanes;
        var group = 1;
        while (group < images && group * imageColumns < 8 * panel)
        {
            var columns = group * imageColumns;
            var padded = (columns + panel - 1) / panel * panel;
            if (padded - columns <= padded / 20)
                break;
            group++;
        }
        return group;
    }
}
