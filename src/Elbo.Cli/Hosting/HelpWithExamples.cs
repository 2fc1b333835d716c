using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Elbo.Cli.Hosting;

/// <summary>The usual help, and below it what to type.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        // What stands before a verb's own name is no argument of it.
        Argument[] outer = [.. command.Parents.OfType<Command>().SelectMany(static parent => parent.Arguments)];
        foreach (Argument argument in outer) argument.Hidden = true;
        int code = usual.Invoke(parseResult);
        foreach (Argument argument in outer) argument.Hidden = false;
        if (command is not Commands.Verb verb) return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in verb.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
