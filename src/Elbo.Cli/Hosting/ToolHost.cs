using System.CommandLine;
using Elbo.Numerics;

namespace Elbo.Cli.Hosting;

/// <summary>The tool from its arguments to its exit code: parses, runs the verb, and turns every failure into one sentence.</summary>
internal static class ToolHost
{
    private const string DebugVariable = "ELBO_DEBUG";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            Command root = Commands.Root.Create(terminal);
            // A message that begins with '@' is a message, not the name of a file of arguments.
            ParseResult parse = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (ParseFailure.Describe(parse) is { } problem) throw new UsageException(problem);
            InvocationConfiguration configuration = new()
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parse.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (UsageException exception)
        {
            Report(terminal, exception.Message, exception);
            return ExitCode.Usage;
        }
        catch (ElboException exception)
        {
            Report(terminal, exception.Message, exception);
            return ExitCode.Failure;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            Report(terminal, Sentence(exception), exception);
            return ExitCode.Failure;
        }
    }

    private static string Sentence(Exception exception) => exception switch
    {
        OutOfMemoryException => "There is not enough memory for this; make the batch or the network smaller, or give fewer rows.",
        IOException or UnauthorizedAccessException => $"A file cannot be read or written: {exception.Message.TrimEnd('.')}; check the path, its permissions and the space on the disk.",
        _ => $"Something went wrong inside elbo ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}); set {DebugVariable}=1 to see where, and please report it.",
    };

    private static void Report(Terminal terminal, string message, Exception exception)
    {
        terminal.Error.WriteLine($"elbo: {message}");
        if (Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 }) terminal.Error.WriteLine(exception.ToString());
    }
}
