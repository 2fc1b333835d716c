namespace Elbo.Training;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>The budget is spent.</summary>
    Finished,

    /// <summary>The metric of early stopping did not rise any more.</summary>
    EarlyStopping,

    /// <summary>Somebody asked to stop; a checkpoint was written where there is a run folder.</summary>
    Cancelled,
}

/// <summary>What training came to.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Explanation">The same as a sentence.</param>
/// <param name="Step">The number of finished steps.</param>
/// <param name="History">One record an epoch, resumed ones included.</param>
/// <param name="BestEpoch">The epoch with the best bound (of the validation rows where there are some), from 1; null before the first.</param>
/// <param name="ParametersOf">The epoch whose parameters the model has now where early stopping took the best back; else null.</param>
/// <param name="Elapsed">The time this call took.</param>
public sealed record TrainingResult(
    StopReason Reason,
    string Explanation,
    long Step,
    IReadOnlyList<EpochRecord> History,
    int? BestEpoch,
    int? ParametersOf,
    TimeSpan Elapsed);
