using Elbo.Cli.Tests;

[assembly: AssemblyFixture(typeof(FittedRunFixture))]

namespace Elbo.Cli.Tests;

/// <summary>Small fitted runs that tests ask but do not change.</summary>
public sealed class FittedRunFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    /// <summary>A variational autoencoder of digits with two latent dimensions.</summary>
    public string Run => folder["plain"];

    /// <summary>A denoising autoencoder of digits with three latent dimensions.</summary>
    public string Denoising => folder["denoising"];

    /// <summary>Ten pictures of digits.</summary>
    public string Images => folder["images.npy"];

    public async ValueTask InitializeAsync()
    {
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "plain"))).Succeeded();
        string[] denoising = Small.Fit(folder.Root, "--name", "denoising", "--recipe", "denoising");
        denoising[Array.IndexOf(denoising, "--latent") + 1] = "3";
        (await ToolRun.Of(denoising)).Succeeded();
        Elbo.Data.DataSet rows = Elbo.Data.DataSource.Load("digits", new Elbo.Data.DataOptions { GeneratedTrainRows = 1, GeneratedTestRows = 10 }).Test!;
        Elbo.Storage.Npy.Save(Images, Elbo.Storage.NumericArray.From<byte>(rows.Bytes, 10, 28, 28));
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
