namespace Elbo.Training;

/// <summary>Adds up the metrics of batches, each weighted by its rows, so that an epoch's mean is exact over rows.</summary>
internal sealed class MetricSums
{
    private readonly string[] _names;
    private readonly int[] _starts;

    public MetricSums(IReadOnlyList<Metric> metrics)
    {
        _names = [.. metrics.Select(metric => metric.Name)];
        _starts = new int[metrics.Count + 1];
        for (int i = 0; i < metrics.Count; i++) _starts[i + 1] = _starts[i] + metrics[i].Value.Shape.ElementCount;
        Sums = new double[_starts[^1]];
    }

    public string[] Names => _names;

    public double[] Sums { get; }

    public long Rows { get; private set; }

    public void Add(int metric, ReadOnlySpan<float> values, int rows)
    {
        Span<double> sums = Sums.AsSpan(_starts[metric], values.Length);
        for (int i = 0; i < values.Length; i++) sums[i] += (double)values[i] * rows;
    }

    public void Count(int rows) => Rows += rows;

    public void Clear() => Restore(new double[Sums.Length], 0);

    public void Restore(double[] sums, long rows)
    {
        sums.CopyTo(Sums, 0);
        Rows = rows;
    }

    /// <summary>Adds the sums of batches of another size.</summary>
    public void Merge(MetricSums other)
    {
        for (int i = 0; i < Sums.Length; i++) Sums[i] += other.Sums[i];
        Rows += other.Rows;
    }

    /// <summary>The mean of a metric of one number so far; null where there is none of that name or no row yet.</summary>
    public double? Mean(string name)
    {
        int index = Array.IndexOf(_names, name);
        return index < 0 || Rows == 0 || _starts[index + 1] - _starts[index] != 1 ? null : Sums[_starts[index]] / Rows;
    }

    public IReadOnlyDictionary<string, double[]> Means()
    {
        Dictionary<string, double[]> means = new(StringComparer.Ordinal);
        for (int i = 0; i < _names.Length; i++)
            means.Add(_names[i], [.. Sums[_starts[i].._starts[i + 1]].Select(sum => sum / Rows)]);
        return means;
    }
}
