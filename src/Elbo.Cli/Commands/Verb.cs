using System.CommandLine;
using System.CommandLine.Parsing;

namespace Elbo.Cli.Commands;

/// <summary>One verb of the tool, with examples for its help.</summary>
internal class Verb : Command
{
    public Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        Validators.Add(result =>
        {
            OptionResult? option = result.Children.OfType<OptionResult>().FirstOrDefault(static option => option.Option.Name == "--output");
            if (option is not { Tokens: [.., { Value: var output }] } || string.IsNullOrWhiteSpace(output)) return;
            string full = Path.GetFullPath(output);
            if (result.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).Any(token => !string.IsNullOrWhiteSpace(token.Value) && Path.GetFullPath(token.Value) == full))
                result.AddError($"--output '{output}' is the input too, which it would replace; choose another file.");
        });
    }

    public IReadOnlyList<string> Examples { get; }
}
