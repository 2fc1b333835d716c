using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>
/// Factor analysis: <c>x = μ + Wz + ε</c> with <c>z ~ N(0, I)</c> and noise of its own variance in every column. Immutable.
/// </summary>
public sealed class FactorAnalysis : FactorModel
{
    private readonly int[] heywood;

    internal FactorAnalysis(FactorGaussian gaussian, FactorRotation rotation, int[] heywood)
        : base(gaussian)
    {
        Rotation = rotation;
        this.heywood = heywood;
    }

    /// <summary>A model of given parameters.</summary>
    /// <param name="mean">μ, <c>[D]</c>.</param>
    /// <param name="loadings">W, <c>[D, Q]</c>, with Q ≤ D.</param>
    /// <param name="noiseVariances">ψ, <c>[D]</c>, positive.</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    /// <exception cref="ElboException">A value is not finite, or a variance is not positive.</exception>
    public FactorAnalysis(ReadOnlySpan<double> mean, Matrix loadings, ReadOnlySpan<double> noiseVariances)
        : this(FactorDefinition.Check(mean, loadings, noiseVariances), FactorRotation.None, [])
    {
    }

    /// <inheritdoc/>
    public override string Kind => "factor-analysis";

    /// <inheritdoc/>
    public override string Title => $"Factor analysis, {Factors} {(Factors == 1 ? "factor" : "factors")}{(Rotation == FactorRotation.None ? "" : $", {Name(Rotation)}")}";

    /// <summary>How the loadings were rotated.</summary>
    public FactorRotation Rotation { get; }

    /// <summary>
    /// The columns whose noise variance ended at <see cref="FactorAnalysisOptions.NoiseFloor"/>: the likelihood rises on below it (Heywood cases), a sign of
    /// too many factors or of columns that are sums of others.
    /// </summary>
    public IReadOnlyList<int> HeywoodColumns => heywood;

    private protected override long NoiseParameters => Columns;

    private protected override KeyValuePair<string, NumericArray> NoiseParameter => new("noiseVariances", NumericArray.From(NoiseVariances));

    /// <summary>The same model with its loadings rotated: equal densities, other factors.</summary>
    /// <param name="rotation">How to rotate.</param>
    public FactorAnalysis Rotate(FactorRotation rotation) =>
        new(Gaussian with { Loadings = Orthomax.Rotate(Gaussian.Loadings, rotation) }, rotation == FactorRotation.None ? Rotation : rotation, heywood);

    /// <summary>
    /// Fits by maximum likelihood. Where no value is missing, each iteration finds the best loadings for the noise variances and then raises the likelihood by
    /// the noise variances (Barber, "Bayesian Reasoning and Machine Learning", algorithm 21.1; an ECM), on the covariance of the rows alone; where some are missing, by EM.
    /// </summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="options">The model.</param>
    /// <param name="fit">When to stop.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">There are more factors than columns, a column is constant or has no value, or an option is out of range.</exception>
    public static FitResult<FactorAnalysis> Fit(Observations rows, FactorAnalysisOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default) =>
        FactorAnalysisFit.Run(rows, options, fit, runtime, cancellation);

    /// <summary>Makes a model from what <see cref="FactorModel.Definition"/> and <see cref="FactorModel.Parameters"/> said.</summary>
    /// <param name="definition">The sizes and the rotation.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a model.</exception>
    public static FactorAnalysis Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        FactorGaussian gaussian = FactorDefinition.Read(definition, parameters, columns => FactorDefinition.Values(parameters, "noiseVariances", columns));
        FactorRotation rotation = FactorRotation.None;
        if (definition.TryGetProperty("rotation", out JsonElement name)
            && (name.ValueKind != JsonValueKind.String || (rotation = Enum.GetValues<FactorRotation>().FirstOrDefault(value => Name(value) == name.GetString())) == FactorRotation.None))
            throw new ElboException($"The model's definition has the rotation {name.GetRawText()}; known are \"varimax\" and \"quartimax\".");
        int[] heywood = [];
        if (definition.TryGetProperty("heywood", out JsonElement columns))
        {
            if (columns.ValueKind != JsonValueKind.Array || columns.EnumerateArray().Any(item => !item.TryGetInt32(out int column) || column < 0 || column >= gaussian.Columns))
                throw new ElboException($"The model's definition has 'heywood': {columns.GetRawText()}; a list of columns from 0 to {gaussian.Columns - 1} is expected.");
            heywood = [.. columns.EnumerateArray().Select(static item => item.GetInt32())];
        }

        return new FactorAnalysis(gaussian, rotation, heywood);
    }

    private protected override void WriteDefinition(Utf8JsonWriter writer)
    {
        if (Rotation != FactorRotation.None) writer.WriteString("rotation", Name(Rotation));
        if (heywood.Length == 0) return;
        writer.WriteStartArray("heywood");
        foreach (int column in heywood) writer.WriteNumberValue(column);
        writer.WriteEndArray();
    }

    private static string Name(FactorRotation rotation) => rotation switch
    {
        FactorRotation.Varimax => "varimax",
        FactorRotation.Quartimax => "quartimax",
        _ => "none",
    };
}
