using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Commands;

/// <summary>The tool's verbs.</summary>
internal static class Root
{
    public const string Name = "elbo";

    public static Command Create(Terminal terminal)
    {
        HelpOption help = new();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        Option<bool> version = new("--version") { Description = "Show the version.", Action = new VersionAction(terminal) };
        // A RootCommand would be called after its file, which is not what a person types.
        Verb root = new(Name, "Latent-variable models, fitted by maximising the evidence lower bound. Every figure is in nats per row; higher is better.", "elbo fit", "elbo data list")
        {
            new FitVerb(terminal),
            new ResumeVerb(terminal),
            new EvalVerb(terminal),
            new SampleVerb(terminal),
            new ReconstructVerb(terminal),
            new EncodeVerb(terminal),
            new ScoreVerb(terminal),
            new ShowVerb(terminal),
            new ImputeVerb(terminal),
            new DecodeStatesVerb(terminal),
            new ForecastVerb(terminal),
            new TraverseVerb(terminal),
            new InterpolateVerb(terminal),
            new ManifoldVerb(terminal),
            new ReportVerb(terminal),
            new CompareVerb(terminal),
            new ReproduceVerb(terminal),
            new DataVerb(terminal),
            new RecipesVerb(terminal),
            new DoctorVerb(terminal),
            help,
            version,
        };
        root.SetAction(parse => help.Action is HelpWithExamples action ? action.Invoke(parse) : ExitCode.Success);
        return root;
    }

    private sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine(ToolVersion.Text);
            return ExitCode.Success;
        }
    }
}
