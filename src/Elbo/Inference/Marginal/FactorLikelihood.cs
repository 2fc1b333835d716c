using Elbo.Data;
using Elbo.Models.Factors;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>The likelihood of a factor model, ln N(x; μ, WWᵀ + diag ψ), over μ, W and ln ψ.</summary>
/// <typeparam name="TModel"><see cref="ProbabilisticPca"/> or <see cref="FactorAnalysis"/>.</typeparam>
public abstract class FactorLikelihood<TModel> : LikelihoodGraph<TModel>
    where TModel : FactorModel
{
    private readonly MaskedRows rows;

    private protected FactorLikelihood(Observations rows, int factors, bool isotropic)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (factors < 1 || factors > rows.Columns) throw new ElboException($"{factors} factors were asked for, and '{rows.Name}' has {rows.Columns} columns; ask for 1 to {rows.Columns}.");
        this.rows = new MaskedRows(rows);
        Mean = new Variable("mean", [rows.Columns]);
        Loadings = new Variable("loadings", [rows.Columns, factors]);
        LogNoise = new Variable("logNoise", [isotropic ? 1 : rows.Columns]);
        Tensor covariance = Loadings.Value.MatMul(Loadings.Value, transposeOther: true) + LogNoise.Value.Exp().BroadcastTo([rows.Columns]).DiagonalMatrix();
        LogDensity = this.rows.LogNormal(Mean.Value, covariance);
    }

    /// <summary>μ, <c>[D]</c>.</summary>
    public Variable Mean { get; }

    /// <summary>W, <c>[D, Q]</c>.</summary>
    public Variable Loadings { get; }

    /// <summary>ln ψ, <c>[D]</c>, or <c>[1]</c> where all columns share it.</summary>
    public Variable LogNoise { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => [Mean, Loadings, LogNoise];

    /// <inheritdoc/>
    public override Tensor LogDensity { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Weights => rows.Weights;

    /// <inheritdoc/>
    public override void Write(TModel model, VariableStore<double> store)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(store);
        if (model.Columns != rows.Columns || model.Factors != Loadings.Shape[1])
            throw new ElboException($"The model to start from has {model.Columns} columns and {model.Factors} factors, and {rows.Columns} and {Loadings.Shape[1]} are to be fitted; start from a model of the same sizes.");
        model.Mean.CopyTo(store[Mean]);
        model.Gaussian.Loadings.Values.CopyTo(store[Loadings]);
        Span<double> noise = store[LogNoise];
        for (int i = 0; i < noise.Length; i++) noise[i] = Math.Log(model.NoiseVariances[i]);
    }

    private protected FactorGaussian ReadGaussian(VariableStore<double> store)
    {
        double[] noise = new double[rows.Columns];
        Span<double> logs = store[LogNoise];
        for (int i = 0; i < noise.Length; i++) noise[i] = Math.Exp(logs[logs.Length == 1 ? 0 : i]);
        return new FactorGaussian(store[Mean].ToArray(), new Matrix(rows.Columns, Loadings.Shape[1], store[Loadings].ToArray()), noise);
    }
}

/// <summary>The likelihood of a <see cref="ProbabilisticPca"/>.</summary>
/// <param name="rows">The rows; values may be missing, rows may have weights.</param>
/// <param name="factors">Q, from 1 to the number of columns.</param>
public sealed class ProbabilisticPcaLikelihood(Observations rows, int factors) : FactorLikelihood<ProbabilisticPca>(rows, factors, isotropic: true)
{
    /// <inheritdoc/>
    public override ProbabilisticPca Read(VariableStore<double> store) => new(ProbabilisticPcaFit.Principal(ReadGaussian(store)));
}

/// <summary>The likelihood of a <see cref="FactorAnalysis"/>.</summary>
/// <param name="rows">The rows; values may be missing, rows may have weights.</param>
/// <param name="factors">Q, from 1 to the number of columns.</param>
public sealed class FactorAnalysisLikelihood(Observations rows, int factors) : FactorLikelihood<FactorAnalysis>(rows, factors, isotropic: false)
{
    /// <inheritdoc/>
    public override FactorAnalysis Read(VariableStore<double> store) => new(ReadGaussian(store), FactorRotation.None, []);
}
