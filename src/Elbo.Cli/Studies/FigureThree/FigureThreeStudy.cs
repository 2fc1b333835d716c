using System.Globalization;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>AEVB, wake-sleep and Monte Carlo EM with the same decoder, by marginal likelihood: Kingma and Welling 2013, figure 3.</summary>
internal sealed class FigureThreeStudy : Study
{
    public override string Name => "aevb-figure-3";

    public override string Title => "AEVB, wake-sleep and Monte Carlo EM by marginal likelihood";

    public override string Source => "Kingma and Welling 2013, arXiv 1312.6114, figure 3 and appendices D and E";

    public override string Data => "mnist";

    public override string Protocol =>
        "The same decoder (3 latent dimensions, 100 tanh units, weights from N(0, 0.1²), a N(0, I) prior on them, grey values in a Bernoulli likelihood) learns from the first 1,000 and 50,000 training rows. "
        + "AEVB and wake-sleep take batches of 100 rows; Monte Carlo EM takes all rows in each iteration, 10 leapfrog steps at 90 % acceptance and 5 steps on the decoder, and each gradient of a row counts as a sample. "
        + "Adagrad's step size is one of 0.01, 0.02 and 0.1 for each curve, chosen by training rows in the first samples. ln p(x) of the first 1,000 training and test rows is estimated by importance sampling from "
        + "a density fitted to Hamiltonian posterior draws, without the encoder; the paper's own estimator of the same draws is in result.json. The full form ends after 60 million samples, the shorter after 2 million, with 500 rows measured.";

    public override string DefaultDocument => Reproduction.ReproductionDocument.DefaultPath;

    public override int PublishedFigures => PublishedCurves.Load().Curves.Sum(static curve => curve.Samples.Count);

    public override async Task<StudyResult> RunAsync(StudyRequest request, RunFolder folder, Terminal terminal, CancellationToken cancellation)
    {
        Recipe recipe = new() { Data = new DataRecipe { Source = Data } };
        DataSplits splits = await RunData.LoadAsync(recipe, request.DataFolder, terminal, request.Quiet, cancellation).ConfigureAwait(false);
        ComparisonPlan plan = request.Short ? ComparisonPlan.Short : ComparisonPlan.Published;
        if (splits.Test is not { } test || splits.Train.Rows < plan.TrainingRows.Max())
            throw new ElboException($"The comparison needs {Text.Count(plan.TrainingRows.Max())} training rows and test rows of '{Data}', and there are {Text.Count(splits.Train.Rows)} and {Text.Count(splits.Test?.Rows ?? 0)}; fetch the whole set with 'elbo data fetch {Data}'.");
        using Runtime runtime = new(request.Threads);
        CurveMaker maker = new(plan, splits.Train, test, request.Seed, runtime);
        (int Rows, string Method)[] wanted = [.. plan.TrainingRows.SelectMany(rows => Methods.All.Select(method => (rows, method)))];
        List<LearningCurve> curves = [];
        foreach ((int rows, string method) in wanted)
        {
            string path = Path.Combine(folder.FullPath, string.Create(CultureInfo.InvariantCulture, $"curve-{rows}-{method}.json"));
            if (!File.Exists(path))
            {
                LearningCurve made = Live.Work(terminal, request.Quiet, $"curve {curves.Count + 1} of {wanted.Length}: {Methods.Title(method)}, {Text.Count(rows)} rows",
                    progress => maker.Make(rows, method, share => progress?.Report(Math.Max(share, 1e-6)), cancellation));
                using StringWriter text = new();
                JsonOutput.Write(text, writer =>
                {
                    writer.WritePropertyName("curve");
                    made.Write(writer);
                });
                AtomicFile.WriteText(path, text.ToString());
            }

            // Read back, so that a run that was stopped and one that was not give the same bytes.
            curves.Add(LearningCurve.Read(await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false), path));
        }

        return new FigureThreeResult(plan, curves, PublishedCurves.Load());
    }
}
