using System.CommandLine;

namespace Elbo.Cli.Commands;

/// <summary>One verb of the tool, with examples for its help.</summary>
internal class Verb : Command
{
    public Verb(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    public IReadOnlyList<string> Examples { get; }
}
