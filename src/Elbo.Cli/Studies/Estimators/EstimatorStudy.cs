using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Storage;

namespace Elbo.Cli.Studies.Estimators;

/// <summary>Bias, variance and cost of every gradient estimator on problems whose gradient is known.</summary>
internal sealed class EstimatorStudy : Study
{
    private const long Draws = 100_000, ShortDraws = 20_000;

    public override string Name => "estimators";

    public override string Title => "Gradient estimators: bias, variance and cost";

    public override string Source => "Mohamed, Rosca, Figurnov and Mnih 2020, arXiv 1906.10652, section 3; Tucker et al. 2017, arXiv 1703.07370; Grathwohl et al. 2018, arXiv 1711.00123";

    public override string Data => $"{StandardProblems.All.Count} expectations with gradients in closed form";

    public override string Protocol =>
        "Each estimator that fits a problem gives 100,000 independent gradients of one draw (leave-one-out: of two); their mean is compared with the true gradient, "
        + "their variance summed over the parameters. Baselines and control variates are trained for 300 steps before. The shorter form takes 20,000 gradients.";

    public override string DefaultDocument { get; } = Path.Combine("docs", "estimators.md");

    public override Task<StudyResult> RunAsync(StudyRequest request, RunFolder folder, Terminal terminal, CancellationToken cancellation)
    {
        using Runtime runtime = new(request.Threads);
        return Task.FromResult<StudyResult>(new EstimatorResult(Live.Work(terminal, request.Quiet, "measuring estimators", progress =>
            EstimatorComparison.Run(draws: request.Short ? ShortDraws : Draws, seed: request.Seed, runtime: runtime, progress: progress, cancellation: cancellation))));
    }
}
