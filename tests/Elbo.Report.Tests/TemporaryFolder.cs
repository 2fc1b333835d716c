namespace Elbo.Report.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("elbo-report-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
