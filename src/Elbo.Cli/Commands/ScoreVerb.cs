using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Cli.Rows.Verbs;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Evaluation;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo score</c>: one number per row.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Argument<string> input = InputArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The table (.csv) or array (.npy) to write, one number per row. [default: a table on standard output]", false, ".csv", ".npy");
    private readonly Option<int?> samples = new Option<int?>("--samples") { Description = "The draws of z for each row. [default: 16]", HelpName = "L" }.Within(1, 10_000);
    private readonly Option<int?> importance = new Option<int?>("--importance-samples", "-k") { Description = "Score by log p(x), estimated from this many draws for each row, instead of the ELBO.", HelpName = "K" }.Within(1);
    private readonly Option<ulong?> seed = CommonOptions.Seed("Decides the draws; the same seed gives a row the same score. [default: 1]");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public ScoreVerb(Terminal terminal)
        : base("score", "Score each row by its ELBO in nats: the lower, the less the model expects such a row.", "elbo score runs/first images.npy -o scores.csv", "elbo score runs/first images.npy --importance-samples 500")
    {
        Add(run);
        Add(input);
        foreach (Option option in (Option[])[output, samples, importance, seed, folder, threads, json, quiet]) Add(option);
        SetAction((parse, cancellation) => Task.FromResult(Score(terminal, parse, cancellation)));
    }

    private int Score(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        OutputFile.RequireFolder(parse.GetValue(output));
        if (RowRun.TryOpen(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder)) is { } row)
        {
            using (row)
            {
                RowRun.Refuse(parse, "log p(x) of this model is exact, without draws", samples, importance, seed);
                return RowVerbs.Score(row, parse.GetRequiredValue(input), parse.GetValue(folder), parse.GetValue(output), parse.GetValue(json), terminal);
            }
        }

        using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
        DataSet data = InputRows.Load(fitted, parse.GetRequiredValue(input), parse.GetValue(folder));
        IRowSource rows = fitted.Rows(data, asGiven: true);
        ulong drawn = parse.GetValue(seed) ?? 1;
        double[] scores = Live.Work(terminal, parse.GetValue(quiet), $"scoring {Text.Count(data.Rows)} rows", progress => parse.GetValue(importance) is { } count
            ? Array.ConvertAll(fitted.Evaluator.LogLikelihood(rows, count, drawn, progress, cancellation), static row => row.LogLikelihood)
            : fitted.Evaluator.Score(rows, parse.GetValue(samples) ?? 16, drawn, progress, cancellation));
        string? path = parse.GetValue(output);
        if (path is null && parse.GetValue(json)) JsonOutput.Write(terminal.Out, writer => writer.WriteNumbers("scores", scores));
        else OutputFile.WriteNumbers(path, scores, 0, terminal);
        if (path is not null) OutputFile.Report(terminal, parse.GetValue(json), path, scores.Length, []);
        return ExitCode.Success;
    }
}
