using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Where the elements of the patch matrix lie in the planes: row k (a channel and a tap) adds an offset, column j (an image and
/// a place of the filter) adds another. Columns are grouped into panels, and copied in vectors along rows of the images.
/// </summary>
internal sealed unsafe class PatchTable<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] _rows;
    private readonly Chunk[][] _panels;
    private readonly delegate*<T*, ReadOnlySpan<int>, ReadOnlySpan<Chunk>, T*, nint, void> _copy;

    /// <summary>Makes the table.</summary>
    /// <param name="rows">The offset of each row.</param>
    /// <param name="images">Images whose planes lie one after the other.</param>
    /// <param name="imageSize">Elements of an image's planes.</param>
    /// <param name="height">Places of the filter, vertically.</param>
    /// <param name="width">Places of the filter, horizontally.</param>
    /// <param name="pitch">Distance of vertical neighbours in a plane.</param>
    /// <param name="panelColumns">Columns in a panel.</param>
    /// <param name="vectors">The widest vectors to use.</param>
    public PatchTable(int[] rows, int images, int imageSize, int height, int width, int pitch, int panelColumns, VectorWidth vectors)
    {
        _rows = rows;
        var fitting = Fitting(width, vectors);
        var lanes = fitting == VectorWidth.Scalar ? 1 : (8 << (int)fitting) / sizeof(T);
        _copy = fitting switch
        {
            VectorWidth.Vector512 => &Copy<Vector512<T>, Lanes512<T>>,
            VectorWidth.Vector256 => &Copy<Vector256<T>, Lanes256<T>>,
            VectorWidth.Vector128 => &Copy<Vector128<T>, Lanes128<T>>,
            _ => &Copy<T, LanesScalar<T>>,
        };
        Columns = images * height * width;
        panelColumns = Math.Min(panelColumns, Columns);
        _panels = new Chunk[(Columns + panelColumns - 1) / panelColumns][];
        var chunks = new List<Chunk>();
        for (var panel = 0; panel < _panels.Length; panel++)
        {
            chunks.Clear();
            var start = panel * panelColumns;
            var end = Math.Min(start + panelColumns, Columns);
            for (var column = start; column < end;)
            {
                var x = column % width;
                var source = column / (height * width) * imageSize + column / width % height * pitch + x;
                var run = Math.Min(width - x, end - column);
                for (var i = 0; i < run; i += lanes)
                    chunks.Add(new Chunk(source + i, column + i - start));
                column += run;
            }
            _panels[panel] = [.. chunks];
        }
    }

    /// <summary>Elements that a copy may read or write past the end of what it was asked for.</summary>
    public static int Slack => 64 / sizeof(T);

    public int Columns { get; }

    public int Panels => _panels.Length;

    /// <summary>Copies a piece of the patch matrix, <c>target[(k − firstRow) · step + column in the panel]</c>.</summary>
    /// <remarks>
    /// Always copies whole vectors: what one writes past the end of its run, the next one overwrites, and after the last row of
    /// the piece lies <see cref="Slack"/>. So <paramref name="step"/> must reach at least to the panel's last column.
    /// </remarks>
    public void Copy(T* planes, int firstRow, int rowCount, int panel, T* target, nint step) =>
        _copy(planes, _rows.AsSpan(firstRow, rowCount), _panels[panel], target, step);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<TVector, TLanes>(T* planes, ReadOnlySpan<int> rows, ReadOnlySpan<Chunk> chunks, T* target, nint step)
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        foreach (var row in rows)
        {
            var source = planes + row;
            foreach (ref readonly var chunk in chunks)
                TLanes.Store(target + chunk.Target, TLanes.Load(source + chunk.Source));
            target += step;
        }
    }

    /// <summary>The narrowest vectors that hold a row of places, or the widest there are.</summary>
    private static VectorWidth Fitting(int width, VectorWidth widest)
    {
        for (var vectors = VectorWidth.Vector128; vectors <= widest; vectors++)
        {
            if ((8 << (int)vectors) / sizeof(T) >= width)
                return vectors;
        }
        return widest;
    }

    private readonly record struct Chunk(int Source, int Target);
}
