namespace Elbo.Numerics.Tests.LinearAlgebra;

public class MatrixTests
{
    private static readonly Matrix Left = Matrix.FromRows([1, 2, 3], [4, 5, 6]);

    [Fact]
    public void A_product_is_rows_by_columns()
    {
        Matrix product = Left * Matrix.FromRows([7, 8], [9, 10], [11, 12]);
        Assert.Equal([58, 64, 139, 154], product.Values.ToArray());
    }

    [Fact]
    public void The_transpose_of_a_product_is_the_product_of_the_transposes_in_reverse() =>
        Assert.Equal((Left * Left.Transpose()).Transpose().Values.ToArray(), (Left * Left.Transpose()).Values.ToArray());

    [Fact]
    public void The_identity_changes_nothing() => Assert.Equal(Left.Values.ToArray(), (Left * Matrix.Identity(3)).Values.ToArray());

    [Fact]
    public void Rows_are_views_and_clones_are_not()
    {
        Matrix copy = Left.Clone();
        copy.Row(1)[2] = -1;
        Assert.Equal(-1, copy[1, 2]);
        Assert.Equal(6, Left[1, 2]);
    }

    [Fact]
    public void Sizes_that_disagree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Left * Left);
        Assert.Throws<ArgumentException>(() => new Matrix(2, 2, new double[3]));
        Assert.Throws<ArgumentException>(() => Matrix.FromRows([1, 2], [3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Left[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Matrix(-1, 2));
    }
}
