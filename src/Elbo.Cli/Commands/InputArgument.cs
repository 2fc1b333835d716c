using System.CommandLine;

namespace Elbo.Cli.Commands;

/// <summary>The argument that names rows for a fitted model.</summary>
internal static class InputArgument
{
    public static Argument<string> Create() => new("input") { Description = "A data set's name (its test rows), a file, a folder of pictures, or one picture." };
}
