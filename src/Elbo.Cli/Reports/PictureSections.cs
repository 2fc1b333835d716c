using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of pictures.</summary>
internal static class PictureSections
{
    private const int Shown = 20;
    private const int SampleCount = 64;

    /// <summary>The first rows beside what the model makes of them.</summary>
    public static ReconstructionsSection Reconstructions(FittedRun run, PixelScale pixels, string part, DataSet rows, CancellationToken cancellation)
    {
        DataSet shown = rows.Slice(0, Math.Min(Shown, rows.Rows));
        IRowSource clean = run.Rows(shown);
        List<ImageRow> images = [new ImageRow { Name = "original", Images = pixels.Images(LatentSections.ReadAll(clean)) }];
        IRowSource seen = clean;
        if (run.Recipe.Data.Corruption is not null)
        {
            seen = Experiment.Rows(run.Recipe, shown, run.Model.RowShape, damaged: true);
            images.Add(new ImageRow { Name = "damaged", Images = pixels.Images(LatentSections.ReadAll(seen)) });
        }

        images.Add(new ImageRow { Name = "reconstruction", Images = pixels.Images(run.Evaluator.Reconstruct(seen, cancellation)) });
        (int[] labels, string[] names) = LatentSections.Labels(shown);
        return new ReconstructionsSection
        {
            Title = "Reconstructions",
            Note = $"The first {part} rows and the mean of p(x|z) at {(run.Model.HasBound ? "their posterior mean" : "their code")}.",
            Rows = images,
            Captions = labels.Length > 0 ? [.. labels.Select(label => names[label])] : null,
            Scores = run.Evaluator.Score(clean, seed: run.Recipe.Training.Seed, cancellation: cancellation),
            ScoreLabel = run.Model.HasBound ? "ELBO" : "ln p(x|z)",
        };
    }

    /// <summary>Draws from the prior.</summary>
    public static ImageGridSection Samples(FittedRun run, LatentFrame frame, PixelScale pixels) => new()
    {
        Title = "Samples",
        Note = $"{SampleCount} draws z ~ p(z), shown as the mean of p(x|z).",
        Images = pixels.Images(LatentDecoder.Decode(run, LatentDecoder.DrawPrior(run, SampleCount, run.Recipe.Training.Seed))),
        DrawFrom = new GaussianPrior { Mean = frame.Centre, Scale = frame.Scale },
    };
}
