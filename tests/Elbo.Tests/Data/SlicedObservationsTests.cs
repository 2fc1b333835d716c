using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Data;

public class SlicedObservationsTests
{
    private static Observations Rows(int[]? lengths = null) =>
        Observations.FromMatrix("rows", Matrix.FromRows([1, double.NaN], [3, 4], [5, 6], [7, 8]), ["a", "b"], [1, 2, 3, 4], lengths);

    [Fact]
    public void A_slice_has_its_rows_weights_and_names()
    {
        Observations slice = Rows().Slice(1, 2);
        Assert.Equal([3, 4, 5, 6], slice.ToMatrix().Values.ToArray());
        Assert.Equal([2, 3], slice.Weights.ToArray());
        Assert.Equal(["a", "b"], slice.ColumnNames);
        Assert.Equal(5, slice.TotalWeight);
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows().Slice(3, 2));
    }

    [Fact]
    public void A_slice_holds_whole_sequences()
    {
        Observations rows = Rows([1, 2, 1]);
        Assert.Equal([2, 1], rows.Slice(1, 3).SequenceLengths.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Slice(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Slice(2, 2));
    }

    [Fact]
    public void A_mapped_row_keeps_what_is_missing()
    {
        Observations mapped = Rows([1, 3]).Map(static value => value >= 4 ? 1 : 0);
        Assert.Equal([0, double.NaN, 0, 1, 1, 1, 1, 1], mapped.ToMatrix().Values.ToArray());
        Assert.True(mapped.MayHaveMissing);
        Assert.Equal([1, 2, 3, 4], mapped.Weights.ToArray());
        Assert.Equal([1, 3], mapped.SequenceLengths.ToArray());
    }

    [Fact]
    public void An_array_in_pieces_is_the_array()
    {
        string path = Path.Combine(Path.GetTempPath(), $"elbo-{Guid.NewGuid():N}.npy");
        try
        {
            Npy.Save(path, [3, 2], [Matrix.FromRows([1, 2]), Matrix.FromRows([3, 4], [5, 6])]);
            NumericArray array = Npy.Load(path);
            Assert.Equal([3, 2], array.Shape.ToArray());
            Assert.Equal([1, 2, 3, 4, 5, 6], array.ToDouble());
            Assert.Throws<ArgumentException>(() => Npy.Save(path, [2, 2], [Matrix.FromRows([1, 2])]));
            Assert.Equal([1, 2, 3, 4, 5, 6], Npy.Load(path).ToDouble());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
