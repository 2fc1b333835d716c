using System.CommandLine;

namespace Elbo.Cli.Commands;

/// <summary>The argument that names a run.</summary>
internal static class RunArgument
{
    public static Argument<string> Create() => new("run") { Description = "A run folder, such as runs/first, or its name in the folder 'runs'." };
}
