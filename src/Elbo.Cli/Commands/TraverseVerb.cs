using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Runs;
using Elbo.Data;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo traverse</c>: what each latent dimension does.</summary>
internal sealed class TraverseVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The picture (.png) or array (.npy, .csv) to write: a line for each dimension.", true, ".png", ".npy", ".csv");
    private readonly Option<int?> dimensions = new Option<int?>("--dimensions", "-d") { Description = "How many dimensions, the most active first. [default: 10]", HelpName = "n" }.Within(1);
    private readonly Option<int?> steps = new Option<int?>("--steps") { Description = "How many pictures along each dimension. [default: 11]", HelpName = "n" }.Within(2, 200);
    private readonly Option<double?> range = new Option<double?>("--range") { Description = "How far to go to either side, in standard deviations of the prior. [default: 2.5]", HelpName = "z" }.Within(0, exclusive: true);
    private readonly Option<int?> row = new Option<int?>("--row") { Description = "Start from the code of this test row, from 0. [default: the prior's mean]", HelpName = "i" }.Within(0);
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public TraverseVerb(Terminal terminal)
        : base("traverse", "Decode along each latent dimension, the others held: what the dimension does.", "elbo traverse runs/first -o traverse.png", "elbo traverse runs/first --row 7 --dimensions 5 -o traverse.png")
    {
        Add(run);
        foreach (Option option in (Option[])[output, dimensions, steps, range, row, folder, threads, json]) Add(option);
        SetAction(parse => Traverse(terminal, parse));
    }

    private void Traverse(Terminal terminal, ParseResult parse)
    {
        using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
        OutputFile.RequireRows(parse.GetValue(output)!, fitted.Model.RowShape);
        LatentFrame frame = LatentFrame.Of(fitted);
        int size = fitted.Model.LatentSize, across = parse.GetValue(steps) ?? 11;
        int[] chosen = [.. frame.Order.Take(parse.GetValue(dimensions) ?? 10)];
        double reach = parse.GetValue(range) ?? 2.5;
        float[] origin = parse.GetValue(row) is { } index ? fitted.Evaluator.Encode(fitted.Rows(TestRows.One(fitted, index), asGiven: true)) : frame.Centre;
        float[] codes = new float[chosen.Length * across * size];
        for (int line = 0; line < chosen.Length; line++)
        {
            for (int step = 0; step < across; step++)
            {
                Span<float> code = codes.AsSpan((line * across + step) * size, size);
                origin.CopyTo(code);
                code[chosen[line]] = frame.Centre[chosen[line]] + (float)(reach * (2.0 * step / (across - 1) - 1)) * frame.Scale[chosen[line]];
            }
        }

        string path = parse.GetValue(output)!;
        OutputFile.WriteRows(path, LatentDecoder.Decode(fitted, codes), fitted.Model.RowShape, fitted.Recipe.Data.Shift, across);
        if (parse.GetValue(json))
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteString("output", path);
                writer.WriteNumbers("dimensions", chosen.Select(static dimension => (double)dimension));
                writer.WriteNumber("steps", across);
            });
        }
        else
        {
            terminal.Out.WriteLine($"{path}: from the top, {string.Join(", ", chosen.Select(static dimension => $"z{dimension}"))}");
        }
    }
}
