using System.Diagnostics;

namespace Elbo.Training;

/// <summary>Decides when to report and how fast training goes; asking it costs a time stamp.</summary>
internal sealed class ProgressClock(IProgress<TrainingProgress>? progress, int batchSize)
{
    private static readonly long Interval = Stopwatch.Frequency / 8;
    private long _last = Stopwatch.GetTimestamp();
    private long _lastStep = -1;
    private long _rateStart;
    private double _rate;

    public bool IsDue => progress is not null && Stopwatch.GetTimestamp() - _last >= Interval;

    public void Report(TrainingProgress value)
    {
        _last = Stopwatch.GetTimestamp();
        progress?.Report(value);
    }

    /// <summary>Rows a second, smoothed over the last few reports.</summary>
    public double RowsPerSecond(long step)
    {
        long now = Stopwatch.GetTimestamp();
        if (_lastStep >= 0 && step > _lastStep)
        {
            double recent = (step - _lastStep) * (double)batchSize * Stopwatch.Frequency / (now - _rateStart);
            _rate = _rate == 0 ? recent : 0.7 * _rate + 0.3 * recent;
        }

        _lastStep = step;
        _rateStart = now;
        return _rate;
    }
}
