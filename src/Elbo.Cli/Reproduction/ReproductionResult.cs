using System.Globalization;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;

namespace Elbo.Cli.Reproduction;

/// <summary>One of our figures beside a published one.</summary>
/// <param name="Published">The published figure.</param>
/// <param name="Ours">Our figure, in nats, higher is better.</param>
internal sealed record Comparison(PublishedFigure Published, double Ours)
{
    public double Difference => Ours - Published.Figure;

    /// <summary>Whether ours is at most the tolerance below; better is as good.</summary>
    public bool IsReproduced => Difference >= -Published.Tolerance;

    public string Verdict => IsReproduced ? "reproduced" : string.Create(CultureInfo.InvariantCulture, $"{-Difference:0.00} nats below");
}

/// <summary>What a recipe came to, beside the literature.</summary>
internal sealed record ReproductionResult(string RecipeName, Recipe Recipe, TrainedRun Run, IReadOnlyList<Comparison> Comparisons)
{
    public static ReproductionResult Of(string recipeName, Recipe recipe, TrainedRun run) => new(
        recipeName, recipe, run,
        [.. (recipe.Published ?? []).Where(figure => Applies(figure, recipe)).Where(figure => Ours(figure, run.Summary) is not null).Select(figure => new Comparison(figure, Ours(figure, run.Summary)!.Value))]);

    /// <summary>Whether a recipe has the values that a figure is about.</summary>
    public static bool Applies(PublishedFigure figure, Recipe recipe) =>
        figure.When is null || figure.When.All(value => RecipePaths.Number(recipe, value.Key) == value.Value);

    /// <summary>The settings that tell runs of one recipe apart.</summary>
    public string Settings => string.Create(CultureInfo.InvariantCulture, $"latent {Recipe.Model.Resolve().Latent}, {Text.Number(Run.Summary.Epochs)} {(Run.Summary.Epochs == 1 ? "epoch" : "epochs")}, seed {Recipe.Training.Seed}");

    public void WriteTable(TextWriter output, string? page)
    {
        Run.Print(output, json: false);
        output.WriteLine();
        if (Comparisons.Count == 0)
        {
            output.WriteLine("No published figure applies to these settings.");
        }
        else
        {
            TextTable table = new TextTable("quantity", "ours", "published", "difference", "", "protocol", "source").AlignRight(1, 2, 3);
            foreach (Comparison line in Comparisons)
                table.Add(line.Published.Quantity, Text.Nats(line.Ours), Text.Nats(line.Published.Figure), Signed(line.Difference), line.Verdict, line.Published.Protocol, line.Published.Source);
            table.Write(output);
        }

        if (page is not null) output.WriteLine($"appended to {page}");
    }

    public void WriteJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("recipe", RecipeName);
        writer.WriteString("run", Run.Folder);
        if (Run.Summary.Elbo is { } elbo) writer.WriteFinite("elbo", elbo);
        writer.WriteFinite("reconstruction", Run.Summary.Reconstruction);
        if (Run.Summary.LogLikelihood is { } likelihood) writer.WriteFinite("logLikelihood", likelihood);
        writer.WriteFinite("epochs", Run.Summary.Epochs);
        writer.WriteFinite("seconds", Run.Summary.Seconds);
        writer.WriteStartArray("published");
        foreach (Comparison line in Comparisons)
        {
            writer.WriteStartObject();
            writer.WriteString("quantity", line.Published.Quantity);
            writer.WriteFinite("ours", line.Ours);
            writer.WriteFinite("published", line.Published.Figure);
            writer.WriteFinite("difference", line.Difference);
            writer.WriteFinite("tolerance", line.Published.Tolerance);
            writer.WriteBoolean("reproduced", line.IsReproduced);
            writer.WriteString("protocol", line.Published.Protocol);
            writer.WriteString("source", line.Published.Source);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public static string Signed(double difference) => difference.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static double? Ours(PublishedFigure figure, RunSummary summary) => figure.Quantity switch
    {
        "elbo" => summary.Elbo,
        "logLikelihood" => summary.LogLikelihood,
        "reconstruction" => summary.Reconstruction,
        _ => null,
    };
}
