namespace Elbo.Training;

/// <summary>Where training stands, a few times a second and at the end of each epoch.</summary>
/// <param name="Step">The number of finished steps.</param>
/// <param name="Steps">The number of steps planned.</param>
/// <param name="Epoch">The number of finished epochs, with the fraction of the current one.</param>
/// <param name="Epochs">The number of epochs planned.</param>
/// <param name="RowsPerSecond">Training rows a second, lately.</param>
/// <param name="TimeLeft">The time to the end of the budget at this rate.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Elbo">The mean bound of the current epoch's rows so far, in nats; null where the model reports none.</param>
/// <param name="Reconstruction">The mean reconstruction term so far, in nats; null where the model reports none.</param>
/// <param name="Kl">The mean Kullback-Leibler term so far, in nats; null where the model reports none.</param>
/// <param name="FinishedEpoch">The record of the epoch that just ended; else null.</param>
public sealed record TrainingProgress(
    long Step,
    long Steps,
    double Epoch,
    double Epochs,
    double RowsPerSecond,
    TimeSpan TimeLeft,
    double LearningRate,
    double? Elbo,
    double? Reconstruction,
    double? Kl,
    EpochRecord? FinishedEpoch);
