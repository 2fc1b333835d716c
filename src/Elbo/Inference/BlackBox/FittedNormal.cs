using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>A normal with the mean and covariance of some draws, for densities and for a wider proposal around it.</summary>
internal sealed class FittedNormal
{
    private readonly double[] _mean;
    private readonly double[] _lower;
    private readonly double _logDeterminant;

    private readonly Matrix _covariance;

    private FittedNormal(double[] mean, Matrix covariance, int datum)
    {
        int size = mean.Length;
        (_mean, _covariance, _lower) = (mean, covariance, new double[size * size]);
        CholeskyFactor factor = CholeskyFactor.TryFactor(covariance)
            ?? throw new ElboException($"The posterior draws of datum {datum} are not finite, so no density can be fitted to them; check the model's parameters.");
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++) _lower[i * size + j] = factor.Lower[i, j];
        for (int i = 0; i < size; i++) _logDeterminant += Math.Log(_lower[i * size + i]);
    }

    /// <summary>Fits to the draws of one datum.</summary>
    /// <param name="draws">Draws of all data, <c>[S, N, D]</c>.</param>
    /// <param name="datum">Which datum.</param>
    /// <param name="data">N.</param>
    /// <param name="size">D.</param>
    public static FittedNormal Of(ReadOnlySpan<double> draws, int datum, int data, int size)
    {
        int count = draws.Length / (data * size);
        double[] weights = new double[count];
        Array.Fill(weights, 1.0 / count);
        (double[] mean, Matrix covariance) = Moments(draws, weights, datum, data, size);
        // Draws of a chain that hardly moved span less than the space; a little of everything keeps the factor.
        double trace = Enumerable.Range(0, size).Sum(i => covariance[i, i]) / size;
        for (int i = 0; i < size; i++) covariance[i, i] += 1e-3 * trace + 1e-8;
        return new FittedNormal(mean, covariance, datum);
    }

    /// <summary>The normal as moved by weighted draws, by as much as they count: with an effective number of draws n, n against <paramref name="strength"/> of what it was.</summary>
    /// <param name="draws">Draws of all data, <c>[S, N, D]</c>.</param>
    /// <param name="weights">The weights of this datum's draws, with sum 1.</param>
    /// <param name="datum">Which datum.</param>
    /// <param name="data">N.</param>
    /// <param name="strength">The draws that it counts for itself.</param>
    public FittedNormal Moved(ReadOnlySpan<double> draws, ReadOnlySpan<double> weights, int datum, int data, double strength)
    {
        int size = _mean.Length;
        double squares = 0;
        foreach (double weight in weights) squares += weight * weight;
        double share = 1 / squares / (1 / squares + strength);
        (double[] mean, Matrix covariance) = Moments(draws, weights, datum, data, size);
        Matrix mixed = new(size, size);
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                mixed[i, j] = share * covariance[i, j] + (1 - share) * (_covariance[i, j] + share * (mean[i] - _mean[i]) * (mean[j] - _mean[j]));
        return new FittedNormal([.. mean.Zip(_mean, (moved, old) => share * moved + (1 - share) * old)], mixed, datum);
    }

    private static (double[] Mean, Matrix Covariance) Moments(ReadOnlySpan<double> draws, ReadOnlySpan<double> weights, int datum, int data, int size)
    {
        double[] mean = new double[size];
        for (int s = 0; s < weights.Length; s++)
            for (int d = 0; d < size; d++) mean[d] += weights[s] * draws[(s * data + datum) * size + d];
        Matrix covariance = new(size, size);
        for (int s = 0; s < weights.Length; s++)
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    covariance[i, j] += weights[s] * (draws[(s * data + datum) * size + i] - mean[i]) * (draws[(s * data + datum) * size + j] - mean[j]);
        return (mean, covariance);
    }

    /// <summary>ln N(z; m, S).</summary>
    public double LogDensity(ReadOnlySpan<double> z) => -0.5 * (SquaredDistance(z) + _mean.Length * Math.Log(2 * Math.PI)) - _logDeterminant;

    /// <summary>Draws from the t distribution around the normal, and gives its log density there.</summary>
    /// <param name="stream">Decides the draw.</param>
    /// <param name="z">Where the draw goes, <c>[D]</c>.</param>
    /// <param name="widening">What scales are multiplied by.</param>
    /// <param name="degrees">ν, the degrees of freedom.</param>
    public double Draw(RandomStream stream, Span<double> z, double widening, int degrees)
    {
        int size = _mean.Length;
        double chi = 0;
        for (int i = 0; i < degrees; i++)
        {
            double normal = stream.Normal((ulong)(size + i));
            chi += normal * normal;
        }

        double scale = widening * Math.Sqrt(degrees / chi), squared = 0;
        for (int i = 0; i < size; i++)
        {
            double normal = stream.Normal((ulong)i);
            squared += normal * normal;
            z[i] = _mean[i];
            for (int j = 0; j <= i; j++) z[i] += scale * _lower[i * size + j] * stream.Normal((ulong)j);
        }

        double distance = squared * scale * scale / (widening * widening);
        return LogGamma(0.5 * (degrees + size)) - LogGamma(0.5 * degrees) - 0.5 * size * Math.Log(degrees * Math.PI) - _logDeterminant - size * Math.Log(widening)
            - 0.5 * (degrees + size) * Math.Log(1 + distance / degrees);
    }

    private double SquaredDistance(ReadOnlySpan<double> z)
    {
        int size = _mean.Length;
        Span<double> solved = stackalloc double[size];
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            double rest = z[i] - _mean[i];
            for (int j = 0; j < i; j++) rest -= _lower[i * size + j] * solved[j];
            solved[i] = rest / _lower[i * size + i];
            sum += solved[i] * solved[i];
        }

        return sum;
    }

    private static double LogGamma(double x)
    {
        Span<double> value = [x];
        VectorMath.LogGamma(value, value);
        return value[0];
    }
}
