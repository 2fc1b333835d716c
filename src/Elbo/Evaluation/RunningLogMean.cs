namespace Elbo.Evaluation;

/// <summary>
/// ln of the mean of weights given by their logarithms, one after another: the sum is kept relative to the largest so far, so that nothing
/// overflows and no weight needs to be kept.
/// </summary>
internal struct RunningLogMean
{
    private double _shift, _sum, _squares;

    /// <summary>How many weights were added.</summary>
    public long Count { get; private set; }

    /// <summary>ln (1/n) Σ w; −∞ where all weights are 0.</summary>
    public readonly double LogMean => Math.Log(_sum) + _shift - Math.Log(Count);

    /// <summary>(Σ w)²/Σ w², the effective sample size; 0 where all weights are 0.</summary>
    public readonly double EffectiveSampleSize => _squares > 0 ? _sum * _sum / _squares : 0;

    /// <summary>Adds a weight by its logarithm.</summary>
    public void Add(double logWeight)
    {
        Count++;
        if (double.IsNegativeInfinity(logWeight)) return;
        if (_sum == 0)
        {
            _shift = logWeight;
            _sum = _squares = 1;
        }
        else if (logWeight > _shift)
        {
            double scale = Math.Exp(_shift - logWeight);
            _sum = _sum * scale + 1;
            _squares = _squares * scale * scale + 1;
            _shift = logWeight;
        }
        else
        {
            double weight = Math.Exp(logWeight - _shift);
            _sum += weight;
            _squares += weight * weight;
        }
    }
}
