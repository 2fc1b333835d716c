namespace Elbo.Tests.Storage;

/// <summary>A folder for one test, deleted with its content at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("elbo-test-").FullName;

    public string this[string name] => Path.Combine(FullName, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
