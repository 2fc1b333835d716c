namespace Elbo.Cli.Hosting;

/// <summary>Where the tool writes.</summary>
/// <param name="Out">Results, and nothing else.</param>
/// <param name="Error">Progress, remarks and errors.</param>
/// <param name="IsInteractive">Whether a person watches <paramref name="Error"/>, so that lines may be redrawn.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive);
