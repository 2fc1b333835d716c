using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>
/// Probabilistic principal component analysis: <c>x = μ + Wz + ε</c> with <c>z ~ N(0, I)</c> and noise of one variance σ² in every column
/// (Tipping and Bishop, "Probabilistic Principal Component Analysis", 1999). Immutable.
/// </summary>
public sealed class ProbabilisticPca : FactorModel
{
    internal ProbabilisticPca(FactorGaussian gaussian)
        : base(gaussian)
    {
    }

    /// <summary>A model of given parameters.</summary>
    /// <param name="mean">μ, <c>[D]</c>.</param>
    /// <param name="loadings">W, <c>[D, Q]</c>, with Q ≤ D.</param>
    /// <param name="noiseVariance">σ², positive.</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    /// <exception cref="ElboException">A value is not finite, or σ² is not positive.</exception>
    public ProbabilisticPca(ReadOnlySpan<double> mean, Matrix loadings, double noiseVariance)
        : this(FactorDefinition.Check(mean, loadings, Same(noiseVariance, mean.Length)))
    {
    }

    /// <inheritdoc/>
    public override string Kind => "ppca";

    /// <inheritdoc/>
    public override string Title => $"Probabilistic PCA, {Factors} {(Factors == 1 ? "factor" : "factors")}";

    /// <summary>σ², the variance of the noise in every column.</summary>
    public double NoiseVariance => NoiseVariances[0];

    private protected override long NoiseParameters => 1;

    private protected override KeyValuePair<string, NumericArray> NoiseParameter => new("noiseVariance", NumericArray.From<double>([NoiseVariance], 1));

    /// <summary>Fits by maximum likelihood: in closed form where no value is missing, by EM where some are.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="options">The model.</param>
    /// <param name="fit">When EM stops.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">There are more factors than columns, a column has no value, all columns are constant, or an option is out of range.</exception>
    public static FitResult<ProbabilisticPca> Fit(Observations rows, ProbabilisticPcaOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default) =>
        ProbabilisticPcaFit.Run(rows, options, fit, runtime, cancellation);

    /// <summary>Makes a model from what <see cref="FactorModel.Definition"/> and <see cref="FactorModel.Parameters"/> said.</summary>
    /// <param name="definition">The sizes.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a model.</exception>
    public static ProbabilisticPca Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) =>
        new(FactorDefinition.Read(definition, parameters, columns => Same(FactorDefinition.Values(parameters, "noiseVariance", 1)[0], columns)));

    internal static double[] Same(double value, int count)
    {
        double[] result = new double[count];
        Array.Fill(result, value);
        return result;
    }
}
