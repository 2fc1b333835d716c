using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// Factor analysis on the covariance S of complete rows. In units of the noise, S̃ = Ψ^−½SΨ^−½ has the leading eigenpairs (θ, V), and the best loadings for ψ are
/// W = Ψ^½V(θ − 1)₊^½ (Barber 2012, equation 21.2.19). One EM update of ψ for these loadings follows. No step reads the rows.
/// </summary>
internal sealed class CovarianceAscent(RowMoments moments, int factors, double[] floors, Runtime runtime)
{
    private readonly int columns = moments.Mean.Length;

    /// <summary>The noise variances; the loadings follow from them.</summary>
    /// <param name="Noise">ψ, <c>[D]</c>.</param>
    /// <param name="Basis">Where the eigenvectors' search starts.</param>
    public sealed record State(double[] Noise, Matrix? Basis);

    public FitStep<State> Step(State state)
    {
        (LeadingEigen leading, double trace) = Solve(state);
        double bound = columns * Math.Log(2 * Math.PI) + trace;
        for (int i = 0; i < columns; i++) bound += Math.Log(state.Noise[i]);
        double[] share = new double[factors];
        for (int k = 0; k < factors; k++)
        {
            double value = leading.Values[k];
            if (value <= 1) continue;
            bound += Math.Log(value) + 1 - value;
            share[k] = value - 1;
        }

        double[] next = new double[columns];
        for (int i = 0; i < columns; i++)
        {
            // E[(xᵢ − wᵢz)²]: it equals Sᵢᵢ − Σ wᵢₖ² where V are eigenvectors to the last digit, and raises the bound where they are not.
            double explained = 0;
            ReadOnlySpan<double> vector = leading.Vectors.Row(i), image = leading.Images.Row(i);
            for (int k = 0; k < factors; k++) explained += share[k] * (2 * vector[k] * image[k] / (1 + share[k]) - vector[k] * vector[k]);
            next[i] = Math.Max(moments.Covariance[i, i] - state.Noise[i] * explained, floors[i]);
        }

        return new FitStep<State>(-0.5 * bound, new State(next, leading.Basis));
    }

    /// <summary>The model of a state.</summary>
    public FactorGaussian Gaussian(State state)
    {
        (LeadingEigen leading, _) = Solve(state);
        Matrix loadings = new(columns, factors);
        for (int i = 0; i < columns; i++)
            for (int k = 0; k < factors; k++) loadings[i, k] = Math.Sqrt(state.Noise[i] * Math.Max(leading.Values[k] - 1, 0)) * leading.Vectors[i, k];
        return new FactorGaussian(moments.Mean, loadings, state.Noise);
    }

    private (LeadingEigen Leading, double Trace) Solve(State state)
    {
        double[] scale = new double[columns];
        for (int i = 0; i < columns; i++) scale[i] = 1 / Math.Sqrt(state.Noise[i]);
        Matrix scaled = new(columns, columns);
        double trace = 0;
        for (int i = 0; i < columns; i++)
        {
            ReadOnlySpan<double> source = moments.Covariance.Row(i);
            Span<double> target = scaled.Row(i);
            for (int j = 0; j < columns; j++) target[j] = source[j] * (scale[i] * scale[j]);
            trace += target[i];
        }

        return (LeadingEigen.Of(scaled, factors, state.Basis, runtime, 1e-11), trace);
    }
}
