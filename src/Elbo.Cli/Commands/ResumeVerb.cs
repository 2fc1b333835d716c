using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Rows;
using Elbo.Cli.Runs;
using Elbo.Storage;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo resume</c>: goes on with a run, to the same bytes as if it had never stopped.</summary>
internal sealed class ResumeVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<double?> epochs = new Option<double?>("--epochs", "-e") { Description = "Train to this many epochs in all, instead of the recipe's.", HelpName = "n" }.Within(0, exclusive: true);
    private readonly Option<int?> maxIterations = new Option<int?>("--max-iterations") { Description = "Allow each start of a row model this many iterations in all, instead of the recipe's.", HelpName = "n" }.Within(1);
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public ResumeVerb(Terminal terminal)
        : base("resume", "Go on with a run from its last checkpoint, to the same result as if it had never stopped.", "elbo resume runs/first", "elbo resume runs/first --epochs 100", "elbo resume runs/gmm-data-1 --max-iterations 5000")
    {
        Add(run);
        Add(epochs);
        Add(maxIterations);
        Add(folder);
        Add(threads);
        Add(json);
        Add(quiet);
        SetAction((parse, cancellation) =>
        {
            string path = FittedRun.Locate(parse.GetRequiredValue(run));
            using (RunFolder opened = RunFolder.Open(path))
            {
                if (RowRun.TryReadRecipe(opened) is { } recipe)
                {
                    RowRun.Refuse(parse, "this model is fitted in iterations over all rows", epochs);
                    RowResult? result = RowFitter.Resume(path, recipe, parse.GetValue(maxIterations), parse.GetValue(folder), parse.GetValue(threads), parse.GetValue(quiet), terminal, cancellation);
                    return Task.FromResult(result?.Finish(terminal, parse.GetValue(json)) ?? ExitCode.Interrupted);
                }
            }

            RowRun.Refuse(parse, "an autoencoder is trained for a number of epochs", maxIterations);
            TrainedRun? trained = RunTrainer.Resume(
                path, parse.GetValue(epochs), parse.GetValue(folder), parse.GetValue(threads), parse.GetValue(quiet), terminal, cancellation);
            return Task.FromResult(trained?.Finish(terminal, parse.GetValue(json)) ?? ExitCode.Interrupted);
        });
    }
}
