using System.CommandLine;
using System.Globalization;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Cli.Rows.Verbs;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Evaluation;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo eval</c>: how well a fitted model explains rows.</summary>
internal sealed class EvalVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<string> split = new Option<string>("--split") { Description = "Which of the run's rows: test, train or validation.", HelpName = "part", DefaultValueFactory = static _ => "test" }.OneOf("test", "train", "validation");
    private readonly Option<string?> data = new("--data") { Description = "Other rows instead: a data set's name, a file or a folder.", HelpName = "data" };
    private readonly Option<int?> samples = new Option<int?>("--samples") { Description = "The draws of z for each row in the ELBO. [default: the recipe's, 1]", HelpName = "L" }.Within(1);
    private readonly Option<int?> importance = new Option<int?>("--importance-samples", "-k") { Description = "Estimate log p(x) too, from this many draws for each row.", HelpName = "K" }.Within(1);
    private readonly Option<bool> active = new("--active-units") { Description = "Count the active latent dimensions too, and list each one's KL." };
    private readonly Option<ulong?> seed = CommonOptions.Seed("Decides the draws. [default: the run's]");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public EvalVerb(Terminal terminal)
        : base(
            "eval",
            "Measure the ELBO, its parts and, when asked, log p(x) by importance sampling: means per row in nats.",
            "elbo eval runs/first",
            "elbo eval runs/first --split test --importance-samples 5000 --active-units")
    {
        foreach (Option option in (Option[])[split, data, samples, importance, active, seed, folder, threads, json, quiet]) Add(option);
        Add(run);
        SetAction((parse, cancellation) => Task.FromResult(Evaluate(terminal, parse, cancellation)));
    }

    private int Evaluate(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        if (RowRun.TryOpen(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder)) is { } row)
        {
            using (row)
            {
                RowRun.Refuse(parse, "log p(x) of this model is exact, without draws and units", samples, importance, active, seed);
                return RowEval.Evaluate(row, parse.GetResult(split) is { Implicit: false } ? parse.GetValue(split) : null, parse.GetValue(data), parse.GetValue(folder), parse.GetValue(json), terminal);
            }
        }

        using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
        DataSet rows = parse.GetValue(data) is { } other ? InputRows.Load(fitted, other, parse.GetValue(folder)) : RunData.Part(fitted.Splits, parse.GetValue(split)!);
        string what = parse.GetValue(data) ?? parse.GetValue(split)!;
        EvaluationOptions options = new()
        {
            Seed = parse.GetValue(seed) ?? fitted.Recipe.Training.Seed,
            Samples = parse.GetValue(samples) ?? fitted.Recipe.Evaluation.Samples,
            ImportanceSamples = parse.GetValue(importance) ?? 0,
        };
        IRowSource source = fitted.Rows(rows);
        EvaluationResult result = Live.Work(terminal, parse.GetValue(quiet), $"measuring {Text.Count(rows.Rows)} rows", progress => fitted.Evaluator.Evaluate(source, options with { Progress = progress }, cancellation));
        if (parse.GetValue(json)) WriteJson(terminal.Out, fitted, what, result, parse.GetValue(active));
        else WriteTable(terminal.Out, what, result, parse.GetValue(active));
        return ExitCode.Success;
    }

    private static void WriteTable(TextWriter output, string what, EvaluationResult result, bool active)
    {
        TextTable table = new();
        table.Add("rows", $"{Text.Count(result.Rows)} ({what})");
        if (result.Elbo is { } elbo) table.Add("ELBO", $"{Text.Nats(elbo)} ± {Text.Nats(result.ElboStandardError ?? 0)} nats per row");
        table.Add("reconstruction", $"{Text.Nats(result.Reconstruction)} nats per row");
        if (result.Kl is { } kl) table.Add("KL", $"{Text.Nats(kl)} nats per row");
        if (result.LogLikelihood is { } likelihood)
        {
            table.Add("log p(x)", $"{Text.Nats(likelihood)} ± {Text.Nats(result.StandardError ?? 0)} nats per row, from {Text.Count(result.ImportanceSamples ?? 0)} importance samples");
            table.Add("effective samples", string.Create(CultureInfo.InvariantCulture, $"{result.EffectiveSampleSize:0.0} of {result.ImportanceSamples}"));
        }

        if (active)
        {
            table.Add("active units", $"{result.ActiveUnits} of {result.LatentVariance.Count} (variance of the posterior mean above 0.01)");
            if (result.KlPerDimension is { } terms)
                foreach ((int index, double value) in terms.Index().OrderByDescending(static term => term.Item))
                    table.Add($"  KL of z{index}", $"{Text.Nats(value)} nats, variance of the mean {Text.Number(result.LatentVariance[index])}");
        }

        table.Write(output);
    }

    private static void WriteJson(TextWriter output, FittedRun run, string what, EvaluationResult result, bool active) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("run", run.Folder.FullPath);
        writer.WriteString("data", what);
        writer.WriteNumber("rows", result.Rows);
        if (result.Elbo is { } elbo) writer.WriteFinite("elbo", elbo);
        if (result.ElboStandardError is { } elboError) writer.WriteFinite("elboStandardError", elboError);
        writer.WriteFinite("reconstruction", result.Reconstruction);
        if (result.Kl is { } kl) writer.WriteFinite("kl", kl);
        if (result.LogLikelihood is { } likelihood)
        {
            writer.WriteFinite("logLikelihood", likelihood);
            if (result.StandardError is { } error) writer.WriteFinite("standardError", error);
            writer.WriteFinite("effectiveSampleSize", result.EffectiveSampleSize ?? double.NaN);
            writer.WriteNumber("importanceSamples", result.ImportanceSamples ?? 0);
        }

        if (active)
        {
            writer.WriteNumber("activeUnits", result.ActiveUnits);
            if (result.KlPerDimension is { } terms) writer.WriteNumbers("klPerDimension", terms);
            writer.WriteNumbers("latentVariance", result.LatentVariance);
        }
    });
}
