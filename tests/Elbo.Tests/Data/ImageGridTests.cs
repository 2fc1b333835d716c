using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Data;

public class ImageGridTests
{
    [Fact]
    public void Tiles_with_padding_and_enlarges_by_whole_pixels()
    {
        PixelImage picture = new ImageGrid { Columns = 2, Padding = 1, Scale = 2, Background = 9 }.Draw([0f, 1, 0.5f], [1, 1, 1]);
        Assert.Equal((7, 7, 1), (picture.Width, picture.Height, picture.Channels));
        byte[] expected =
        [
            9, 9, 9, 9, 9, 9, 9,
            9, 0, 0, 9, 255, 255, 9,
            9, 0, 0, 9, 255, 255, 9,
            9, 9, 9, 9, 9, 9, 9,
            9, 128, 128, 9, 9, 9, 9,
            9, 128, 128, 9, 9, 9, 9,
            9, 9, 9, 9, 9, 9, 9,
        ];
        Assert.Equal(expected, picture.Samples);
    }

    [Fact]
    public void Colour_planes_become_pixels()
    {
        PixelImage picture = new ImageGrid { Padding = 0 }.Draw([1, 2, 3, 4, 5, 6], [3, 1, 2]);
        Assert.Equal((2, 1, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal([1, 3, 5, 2, 4, 6], picture.Samples);
    }

    [Fact]
    public void Values_outside_are_cut_off() =>
        Assert.Equal([0, 255, 0, 255], new ImageGrid { Columns = 4, Padding = 0 }.Draw([-3f, 7, float.NaN, float.PositiveInfinity], [1, 1, 1]).Samples);

    [Fact]
    public void The_grid_is_as_square_as_can_be()
    {
        ImageGrid grid = new() { Padding = 0 };
        Assert.Equal((3, 3), (grid.Draw(new byte[7], [1]).Width, grid.Draw(new byte[7], [1]).Height));
        Assert.Equal((8, 8), (grid.Draw(new byte[64], [1]).Width, grid.Draw(new byte[64], [1]).Height));
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        Assert.Contains("Rows of shape [5, 2, 2] are not images", Assert.Throws<ElboException>(() => new ImageGrid().Draw(new byte[20], [5, 2, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ImageGrid().Draw(new byte[5], [2]));
    }
}
