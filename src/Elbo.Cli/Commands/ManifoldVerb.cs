using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Runs;
using Elbo.Numerics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo manifold</c>: a plane of latent space, decoded.</summary>
internal sealed class ManifoldVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The picture (.png) or array (.npy, .csv) to write.", true, ".png", ".npy", ".csv");
    private readonly Option<int?> size = new Option<int?>("--size") { Description = "How many pictures across and down. [default: 20]", HelpName = "n" }.Within(1, 200);
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public ManifoldVerb(Terminal terminal)
        : base(
            "manifold",
            "Decode a grid over the two most active latent dimensions, spaced so that equal areas hold equal prior mass.",
            "elbo manifold runs/first -o grid.png",
            "elbo manifold runs/first --size 30 -o grid.png")
    {
        Add(run);
        foreach (Option option in (Option[])[output, size, folder, threads, json]) Add(option);
        SetAction(parse =>
        {
            using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
            OutputFile.RequireRows(parse.GetValue(output)!, fitted.Model.RowShape);
            int side = parse.GetValue(size) ?? 20;
            float[] codes = Codes(LatentFrame.Of(fitted), fitted, side);
            string path = parse.GetValue(output)!;
            OutputFile.WriteRows(path, LatentDecoder.Decode(fitted, codes), fitted.Model.RowShape, fitted.Recipe.Data.Shift, side);
            OutputFile.Report(terminal, parse.GetValue(json), path, side * side, fitted.Model.RowShape);
        });
    }

    /// <summary>The codes of the grid: Φ⁻¹ of the middles of equal shares along both axes, the second upwards. Kingma and Welling 2013, appendix A.</summary>
    public static float[] Codes(LatentFrame frame, FittedRun fitted, int side)
    {
        int latent = fitted.Model.LatentSize;
        if (latent < 2) throw new ElboException("A grid needs two latent dimensions, and the model has one; use 'elbo traverse'.");
        (int horizontal, int vertical) = (frame.Order[0], frame.Order[1]);
        float[] codes = new float[side * side * latent];
        for (int cell = 0; cell < side * side; cell++)
        {
            Span<float> code = codes.AsSpan(cell * latent, latent);
            frame.Centre.CopyTo(code);
            code[horizontal] += frame.Scale[horizontal] * LatentFrame.Quantile((cell % side + 0.5) / side);
            code[vertical] += frame.Scale[vertical] * LatentFrame.Quantile(1 - (cell / side + 0.5) / side);
        }

        return codes;
    }
}
