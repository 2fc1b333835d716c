using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo interpolate</c>: from one row to another through latent space.</summary>
internal sealed class InterpolateVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The picture (.png) or array (.npy, .csv) to write: a line for each pair.", true, ".png", ".npy", ".csv");
    private readonly Option<int?> from = new Option<int?>("--from") { Description = "The test row to start from, from 0. [default: pairs drawn by the seed]", HelpName = "i" }.Within(0);
    private readonly Option<int?> to = new Option<int?>("--to") { Description = "The test row to end at.", HelpName = "i" }.Within(0);
    private readonly Option<int?> pairs = new Option<int?>("--pairs") { Description = "How many pairs to draw. [default: 8]", HelpName = "n" }.Within(1, 1000);
    private readonly Option<int?> steps = new Option<int?>("--steps") { Description = "How many pictures between the two rows, their own reconstructions included. [default: 11]", HelpName = "n" }.Within(2, 200);
    private readonly Option<ulong?> seed = CommonOptions.Seed("Draws the pairs. [default: 1]");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public InterpolateVerb(Terminal terminal)
        : base("interpolate", "Decode along the straight line between the codes of two rows; the rows themselves stand at either end.", "elbo interpolate runs/first -o grid.png", "elbo interpolate runs/first --from 3 --to 8 -o grid.png")
    {
        Add(run);
        foreach (Option option in (Option[])[output, from, to, pairs, steps, seed, folder, threads, json]) Add(option);
        SetAction(parse => Interpolate(terminal, parse));
    }

    private void Interpolate(Terminal terminal, ParseResult parse)
    {
        if (parse.GetValue(from) is null != parse.GetValue(to) is null) throw new UsageException("--from and --to name the two ends; give both, or neither to draw pairs.");
        using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
        OutputFile.RequireRows(parse.GetValue(output)!, fitted.Model.RowShape);
        DataSet ends = Ends(fitted, parse);
        IRowSource rows = fitted.Rows(ends, asGiven: true);
        float[] codes = fitted.Evaluator.Encode(rows);
        int size = fitted.Model.LatentSize, across = parse.GetValue(steps) ?? 11, lines = ends.Rows / 2, length = rows.RowShape.ElementCount;
        float[] path = new float[lines * across * size];
        for (int i = 0; i < path.Length; i++)
        {
            (int line, int step, int d) = (i / size / across, i / size % across, i % size);
            float share = (float)step / (across - 1);
            path[i] = codes[2 * line * size + d] * (1 - share) + codes[(2 * line + 1) * size + d] * share;
        }

        float[] decoded = LatentDecoder.Decode(fitted, path), shown = new float[lines * (across + 2) * length];
        for (int line = 0; line < lines; line++)
        {
            Span<float> target = shown.AsSpan(line * (across + 2) * length, (across + 2) * length);
            rows.Read(2 * line, target[..length]);
            decoded.AsSpan(line * across * length, across * length).CopyTo(target[length..]);
            rows.Read(2 * line + 1, target[^length..]);
        }

        string file = parse.GetValue(output)!;
        OutputFile.WriteRows(file, shown, fitted.Model.RowShape, fitted.Recipe.Data.Shift, across + 2);
        OutputFile.Report(terminal, parse.GetValue(json), file, shown.Length / length, fitted.Model.RowShape);
    }

    /// <summary>Starts and ends in turn.</summary>
    private DataSet Ends(FittedRun fitted, ParseResult parse)
    {
        (string name, DataSet rows) = RunData.Reported(fitted.Splits);
        if (parse.GetValue(from) is { } first && parse.GetValue(to) is { } last)
        {
            TestRows.One(fitted, Math.Max(first, last));
            return rows.Select([first, last]);
        }

        int[] order = new int[rows.Rows];
        new RandomStream(parse.GetValue(seed) ?? 1).Permutation(order);
        int count = Math.Min(parse.GetValue(pairs) ?? 8, rows.Rows / 2);
        if (count < 1) throw new ElboException($"The run has {rows.Rows} {name} rows, and at least 2 are needed to go from one to another; fit on more rows.");
        return rows.Select(order.AsSpan(0, 2 * count));
    }
}
