using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class NearestNameTests
{
    [Theory]
    [InlineData("latent", "latent", 0)]
    [InlineData("latnet", "latent", 1)] // neighbours exchanged
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("LATENT", "latent", 0)]
    public void Distance_counts_slips(string left, string right, int expected) => Assert.Equal(expected, NearestName.Distance(left, right));

    [Fact]
    public void The_nearest_is_named_and_a_stranger_is_not()
    {
        string[] known = ["latent", "epochs", "batchSize"];
        Assert.Equal("epochs", NearestName.Find("epoch", known));
        Assert.Equal("batchSize", NearestName.Find("batch_size", known));
        Assert.Null(NearestName.Find("zebra", known));
        Assert.Equal("; use one of batchSize, epochs, latent.", NearestName.Suggestion("zebra", known));
    }
}
