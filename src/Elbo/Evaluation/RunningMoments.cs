namespace Elbo.Evaluation;

/// <summary>Mean and variance of numbers, one after another, by Welford's recurrence.</summary>
internal struct RunningMoments
{
    private double _squares;

    /// <summary>How many numbers were added.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean.</summary>
    public double Mean { get; private set; }

    /// <summary>Their variance about their own mean, divided by n.</summary>
    public readonly double PopulationVariance => _squares / Count;

    /// <summary>The standard error of the mean; null for fewer than two numbers.</summary>
    public readonly double? StandardError => Count < 2 ? null : Math.Sqrt(_squares / (Count - 1) / Count);

    /// <summary>Adds a number.</summary>
    public void Add(double value)
    {
        Count++;
        double distance = value - Mean;
        Mean += distance / Count;
        _squares += distance * (value - Mean);
    }
}
