namespace Elbo.Cli.Hosting;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work was understood, and failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the recipe makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
