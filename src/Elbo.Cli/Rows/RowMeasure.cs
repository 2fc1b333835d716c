using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Cli.Rows;

/// <summary>How well a model explains rows.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Sequences">The number of sequences; null where rows have no order.</param>
/// <param name="LogLikelihood">The mean log density per row (per unit of weight), in nats.</param>
/// <param name="StandardError">Its standard error over rows; NaN for one row.</param>
/// <param name="TotalWeight">The number of rows, or the sum of their weights.</param>
internal sealed record RowMeasure(long Rows, int? Sequences, double LogLikelihood, double StandardError, double TotalWeight)
{
    public double? LogLikelihoodPerSequence => Sequences is { } count ? LogLikelihood * TotalWeight / count : null;

    public double Bic(RowModel model) => -2 * LogLikelihood * TotalWeight + model.FreeParameters * Math.Log(TotalWeight);

    public double Aic(RowModel model) => -2 * LogLikelihood * TotalWeight + 2 * model.FreeParameters;

    public static RowMeasure Of(RowModel model, Observations rows, bool isSequential, Runtime runtime)
    {
        double[] densities = new double[checked((int)rows.Rows)];
        model.LogDensity(rows, densities, runtime);
        ReadOnlySpan<double> weights = rows.Weights;
        double sum = 0, total = 0;
        for (int i = 0; i < densities.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            // A row that counts for nothing may be impossible.
            if (weight > 0) sum += weight * densities[i];
            total += weight;
        }

        double mean = sum / total, squares = 0;
        for (int i = 0; i < densities.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            if (weight > 0) squares += weight * (densities[i] - mean) * (densities[i] - mean);
        }

        return new RowMeasure(rows.Rows, SequencesOf(rows, isSequential), mean, total > 1 ? Math.Sqrt(squares / (total - 1) / total) : double.NaN, total);
    }

    /// <summary>The number of sequences; null where rows have no order.</summary>
    public static int? SequencesOf(Observations rows, bool isSequential) => isSequential ? Math.Max(1, rows.SequenceLengths.Length) : null;

    /// <summary>BIC plus twice the entropy of the responsibilities (Biernacki, Celeux and Govaert, 2000).</summary>
    public static double Icl(double bic, RowModel model, Observations rows, Runtime runtime)
    {
        Matrix shares = model.Encode(rows, runtime);
        double entropy = 0;
        for (int row = 0; row < shares.Rows; row++)
        {
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[row];
            foreach (double share in shares.Row(row))
                if (share > 0) entropy -= weight * share * Math.Log(share);
        }

        return bic + 2 * entropy;
    }
}
