namespace Elbo.Cli.Studies.FigureThree;

/// <summary>The sizes of the comparison of AEVB, wake-sleep and Monte Carlo EM.</summary>
internal sealed record ComparisonPlan
{
    /// <summary>The numbers of training rows, each with three curves.</summary>
    public IReadOnlyList<int> TrainingRows { get; init; } = [1000, 50_000];

    /// <summary>After how many samples the marginal likelihood is estimated, increasing.</summary>
    public required IReadOnlyList<long> Budgets { get; init; }

    /// <summary>From how many samples on the order of the curves is judged: where the published figure begins to be readable.</summary>
    public required long JudgedFrom { get; init; }

    /// <summary>How many samples each learning rate is tried for.</summary>
    public required long TuningSamples { get; init; }

    /// <summary>The training rows by which a learning rate is chosen.</summary>
    public int TuningRows { get; init; } = 200;

    /// <summary>The training and test rows whose marginal likelihood is estimated, the first ones.</summary>
    public int MeasuredRows { get; init; } = 1000;

    /// <summary>The learning rates tried: those of the paper.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.01, 0.02, 0.1];

    /// <summary>Hidden units of the encoder and of the decoder.</summary>
    public int Hidden { get; init; } = 100;

    /// <summary>Latent dimensions.</summary>
    public int Latent { get; init; } = 3;

    /// <summary>Rows in a batch of AEVB and of wake-sleep.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Leapfrog steps of an E-step of Monte Carlo EM.</summary>
    public int LeapfrogSteps { get; init; } = 10;

    /// <summary>Steps on the decoder in an M-step.</summary>
    public int MaximizationSteps { get; init; } = 5;

    /// <summary>How often one iteration of Monte Carlo EM evaluates the gradient of each row; each counts as a sample.</summary>
    public int GradientsOfIteration => LeapfrogSteps + MaximizationSteps;

    public static ComparisonPlan Published { get; } = new()
    {
        Budgets = [300_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 30_000_000, 40_000_000, 50_000_000, 60_000_000],
        JudgedFrom = 2_000_000,
        TuningSamples = 1_000_000,
    };

    public static ComparisonPlan Short { get; } = Published with
    {
        Budgets = [100_000, 300_000, 1_000_000, 2_000_000],
        TuningSamples = 200_000,
        MeasuredRows = 500,
    };
}
