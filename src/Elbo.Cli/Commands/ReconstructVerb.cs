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

/// <summary><c>elbo reconstruct</c>: rows through the model and back.</summary>
internal sealed class ReconstructVerb : Verb
{
    private const int Columns = 16;

    private readonly Argument<string> run = RunArgument.Create();
    private readonly Argument<string> input = InputArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The picture (.png, originals above reconstructions) or array (.npy, .csv, reconstructions) to write.", true, ".png", ".npy", ".csv");
    private readonly Option<int?> count = new Option<int?>("--count", "-n") { Description = "How many rows from the beginning. [default: 64 for a picture, all for an array]", HelpName = "n" }.Within(1);
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public ReconstructVerb(Terminal terminal)
        : base("reconstruct", "Encode rows and decode them: the mean of p(x|z) at the posterior mean.", "elbo reconstruct runs/first images.npy -o out.png", "elbo reconstruct runs/first mnist -n 32 -o out.png")
    {
        Add(run);
        Add(input);
        foreach (Option option in (Option[])[output, count, folder, threads, json]) Add(option);
        SetAction((parse, cancellation) => Task.FromResult(Reconstruct(terminal, parse, cancellation)));
    }

    private int Reconstruct(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        if (RowRun.TryOpen(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder)) is { } row)
        {
            using (row)
                return RowVerbs.Reconstruct(row, parse.GetRequiredValue(input), parse.GetValue(count), parse.GetValue(folder), parse.GetValue(output)!, parse.GetValue(json), terminal);
        }

        using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
        OutputFile.RequireRows(parse.GetValue(output)!, fitted.Model.RowShape);
        string path = parse.GetValue(output)!;
        bool picture = OutputFile.Is(path, ".png");
        DataSet data = InputRows.Load(fitted, parse.GetRequiredValue(input), parse.GetValue(folder));
        int rows = Math.Min(data.Rows, parse.GetValue(count) ?? (picture ? 64 : data.Rows));
        IRowSource source = fitted.Rows(data.Slice(0, rows), asGiven: true);
        float[] made = fitted.Evaluator.Reconstruct(source, cancellation);
        OutputFile.WriteRows(path, picture ? Interleave(source, made) : made, fitted.Model.RowShape, fitted.Recipe.Data.Shift, Math.Min(Columns, rows));
        OutputFile.Report(terminal, parse.GetValue(json), path, rows, fitted.Model.RowShape);
        return ExitCode.Success;
    }

    /// <summary>A line of originals, the line of their reconstructions, and so on. A line that is not full is filled up with black.</summary>
    private static float[] Interleave(IRowSource source, float[] made)
    {
        int length = source.RowShape.ElementCount, columns = Math.Min(Columns, source.Count), lines = (source.Count + columns - 1) / columns;
        float[] result = new float[2 * lines * columns * length];
        for (int row = 0; row < source.Count; row++)
        {
            int place = row / columns * 2 * columns + row % columns;
            source.Read(row, result.AsSpan(place * length, length));
            made.AsSpan(row * length, length).CopyTo(result.AsSpan((place + columns) * length));
        }

        return result;
    }
}
