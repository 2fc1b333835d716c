using Elbo.Cli.Rows;
using Elbo.Data;

namespace Elbo.Cli.Runs;

/// <summary>The figures of a run beside those of others, whatever its kind of model.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Title">The model in a few words.</param>
/// <param name="Rows">What the figures were measured on.</param>
internal sealed record ComparedRun(string Name, string Title, MeasuredRows Rows)
{
    public double? Elbo { get; init; }

    public double? Reconstruction { get; init; }

    public double? Kl { get; init; }

    public double? LogLikelihood { get; init; }

    public double? Bic { get; init; }

    public double? Aic { get; init; }

    public static ComparedRun Of(FittedRun run, string title, RunSummary summary) => new(run.Folder.Name, title, MeasuredRows.Of(run, summary))
    {
        Elbo = summary.Elbo,
        Reconstruction = summary.Reconstruction,
        Kl = summary.Kl,
        LogLikelihood = summary.LogLikelihood,
    };

    public static ComparedRun Of(RowRun run, RowSummary summary) =>
        new(run.Folder.Name, summary.Model, new MeasuredRows("train", (int)Math.Min(int.MaxValue, summary.Rows), run.Recipe.Made?.Rows.TrainSha256 ?? "", Binarization.None, 0))
        {
            Elbo = summary.Elbo,
            LogLikelihood = summary.LogLikelihood,
            Bic = summary.Bic,
            Aic = summary.Aic,
        };
}
