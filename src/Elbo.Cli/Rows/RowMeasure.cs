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
        double mean = 0, squares = 0, total = 0;
        foreach ((Observations chunk, Matrix densities) in RowChunks.LogDensities(model, rows, isSequential, runtime))
        {
            (double partMean, double partSquares, double partTotal) = Moments(densities.Values, chunk.Weights);
            if (partTotal == 0) continue;
            // The moments of two parts make those of the whole (Chan, Golub and LeVeque, 1979).
            double share = partTotal / (total + partTotal), difference = partMean - mean;
            squares += partSquares + difference * difference * (total * share);
            mean = total == 0 ? partMean : mean + difference * share;
            total += partTotal;
        }

        return new RowMeasure(rows.Rows, SequencesOf(rows, isSequential), mean, total > 1 ? Math.Sqrt(squares / (total - 1) / total) : double.NaN, total);
    }

    /// <summary>The weighted mean, the weighted squares about it, and the weight.</summary>
    private static (double Mean, double Squares, double Total) Moments(ReadOnlySpan<double> densities, ReadOnlySpan<double> weights)
    {
        double sum = 0, total = 0, squares = 0;
        for (int i = 0; i < densities.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            // A row that counts for nothing may be impossible.
            if (weight > 0) sum += weight * densities[i];
            total += weight;
        }

        double mean = total > 0 ? sum / total : 0;
        for (int i = 0; i < densities.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            if (weight > 0) squares += weight * (densities[i] - mean) * (densities[i] - mean);
        }

        return (mean, squares, total);
    }

    /// <summary>The number of sequences; null where rows have no order.</summary>
    public static int? SequencesOf(Observations rows, bool isSequential) => isSequential ? Math.Max(1, rows.SequenceLengths.Length) : null;

    /// <summary>BIC plus twice the entropy of the responsibilities (Biernacki, Celeux and Govaert, 2000).</summary>
    public static double Icl(double bic, RowModel model, Observations rows, Runtime runtime)
    {
        double entropy = 0;
        foreach ((_, Observations chunk) in RowChunks.Of(rows, isSequential: false, model.CodeNames.Count))
        {
            Matrix shares = model.Encode(chunk, runtime);
            for (int row = 0; row < shares.Rows; row++)
            {
                double weight = chunk.Weights.IsEmpty ? 1 : chunk.Weights[row];
                foreach (double share in shares.Row(row))
                    if (share > 0) entropy -= weight * share * Math.Log(share);
            }
        }

        return bic + 2 * entropy;
    }
}
