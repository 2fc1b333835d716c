using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// The posterior predictive of Poisson emissions, negative binomial in each column: <c>ln p(x) = ln Γ(a + x) − ln Γ(a) − ln x! + a ln b/(b + 1) − x ln(b + 1)</c> for rates of
/// Gamma(a, b).
/// </summary>
internal sealed class NegativeBinomialEmission(Matrix shapes, Matrix exposures) : PredictiveEmission(shapes.Rows, shapes.Columns, (long)shapes.Rows * shapes.Columns)
{
    public override string Family => "negative-binomial";

    public override string Title => "negative binomial";

    public override Matrix Means
    {
        get
        {
            Matrix result = new(Count, Columns);
            for (int i = 0; i < result.Values.Length; i++) result.Values[i] = shapes.Values[i] / exposures.Values[i];
            return result;
        }
    }

    internal override void Check(Observations rows)
    {
        base.Check(rows);
        EmissionChecks.Counts(rows);
    }

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        for (int t = 0; t < result.Length / Stride; t++)
        {
            for (int d = 0; d < Columns; d++)
            {
                double x = rows[t * Columns + d];
                if (double.IsNaN(x)) continue;
                double factorial = GammaFunctions.LogGamma(x + 1);
                for (int k = 0; k < Count; k++)
                {
                    double a = shapes[k, d], b = exposures[k, d];
                    result[t * Stride + k] += GammaFunctions.LogGamma(a + x) - GammaFunctions.LogGamma(a) - factorial - a * double.LogP1(1 / b) - x * double.LogP1(b);
                }
            }
        }
    }

    internal override void FillMean(int index, Span<double> row)
    {
        for (int d = 0; d < row.Length; d++)
            if (double.IsNaN(row[d])) row[d] = shapes[index, d] / exposures[index, d];
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        for (int d = 0; d < row.Length; d++)
        {
            if (!double.IsNaN(row[d])) continue;
            RandomStream own = random.Split((ulong)d);
            row[d] = PoissonDraw.Next(ConjugateDraws.Gamma(shapes[index, d], exposures[index, d], own.Split(0)), own.Split(1));
        }
    }
}
