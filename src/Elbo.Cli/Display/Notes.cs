using Elbo.Cli.Hosting;

namespace Elbo.Cli.Display;

/// <summary>Remarks on what was wrong but could be mended.</summary>
internal static class Notes
{
    public static Action<string> To(Terminal terminal) => sentence => terminal.Error.WriteLine($"Note: {sentence}");
}
