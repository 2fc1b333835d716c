using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Cli.Rows.Verbs;
using Elbo.Cli.Runs;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo sample</c>: draws from a fitted model.</summary>
internal sealed class SampleVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<int?> count = new Option<int?>("--count", "-n") { Description = "How many samples. [default: 64]", HelpName = "n" }.Within(1);
    private readonly Option<string?> output = OutputFile.Option("The picture (.png) or array (.npy, .csv) to write.", true, ".png", ".npy", ".csv");
    private readonly Option<ulong?> seed = CommonOptions.Seed("Decides the draws. [default: 1]");
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public SampleVerb(Terminal terminal)
        : base("sample", "Draw codes from the prior and decode them: the mean of p(x|z) for each.", "elbo sample runs/first -n 64 -o samples.png", "elbo sample runs/first -n 1000 --seed 3 -o samples.npy")
    {
        Add(run);
        foreach (Option option in (Option[])[count, output, seed, threads, json]) Add(option);
        SetAction(parse =>
        {
            if (RowRun.TryOpen(parse.GetRequiredValue(run), parse.GetValue(threads), null) is { } row)
            {
                using (row)
                    return RowVerbs.Sample(row, parse.GetValue(count) ?? 64, parse.GetValue(seed) ?? 1, parse.GetValue(output)!, parse.GetValue(json), terminal);
            }

            using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), null, Notes.To(terminal));
            OutputFile.RequireRows(parse.GetValue(output)!, fitted.Model.RowShape);
            int rows = parse.GetValue(count) ?? 64;
            CheckSize(rows, fitted.Model.RowShape.ElementCount, parse.GetValue(output)!);
            float[] samples = LatentDecoder.Decode(fitted, LatentDecoder.DrawPrior(fitted, rows, parse.GetValue(seed) ?? 1));
            string path = parse.GetValue(output)!;
            OutputFile.WriteRows(path, samples, fitted.Model.RowShape, fitted.Recipe.Data.Shift);
            OutputFile.Report(terminal, parse.GetValue(json), path, rows, fitted.Model.RowShape);
            return ExitCode.Success;
        });
    }

    /// <summary>What would not fit into one array, or into a picture that anybody can look at.</summary>
    private static void CheckSize(int rows, int length, string path)
    {
        const long MostValues = 500_000_000;
        long most = Math.Min(1_000_000, (OutputFile.Is(path, ".png") ? OutputFile.MostPictureValues : MostValues) / length);
        if (rows > most) throw new UsageException($"{rows} samples of {length} values do not go into one {Path.GetExtension(path)} file; draw at most {most} at a time, with another --seed each.");
    }
}
