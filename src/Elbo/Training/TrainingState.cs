namespace Elbo.Training;

/// <summary>Everything besides numbers in variables that decides how training goes on: what a checkpoint saves.</summary>
internal sealed class TrainingState
{
    /// <summary>The number of finished steps; it is the data's cursor and the random state too, since both are functions of it.</summary>
    public long Step { get; set; }

    /// <summary>The sums of the current epoch so far: each metric times its rows, in the order of the metrics.</summary>
    public double[] Sums { get; set; } = [];

    /// <summary>The rows summed.</summary>
    public long SummedRows { get; set; }

    /// <summary>What the schedule remembers.</summary>
    public ScheduleMemory Schedule { get; set; } = new();

    /// <summary>The best value of the metric that early stopping watches.</summary>
    public double Best { get; set; } = double.NegativeInfinity;

    /// <summary>The epoch that brought it, from 1; 0 before the first.</summary>
    public int BestEpoch { get; set; }

    /// <summary>How many evaluations in a row brought nothing better.</summary>
    public int Waited { get; set; }

    /// <summary>Whether early stopping has ended the run.</summary>
    public bool Stopped { get; set; }

    /// <summary>The length of <c>metrics.jsonl</c> in bytes.</summary>
    public long MetricsLength { get; set; }

    /// <summary>The seed, which a resumed run must have again.</summary>
    public ulong Seed { get; set; }

    /// <summary>Rows in a batch, which a resumed run must have again.</summary>
    public int BatchSize { get; set; }

    /// <summary>Batches in an epoch, which a resumed run must have again.</summary>
    public int BatchesPerEpoch { get; set; }

    /// <summary>The metrics' names, in order, which a resumed run must have again.</summary>
    public string[] Metrics { get; set; } = [];
}
