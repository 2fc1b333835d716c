using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K products of Poisson distributions, p(x|k) = Πⱼ λₖⱼ^xⱼ e^(−λₖⱼ)/xⱼ!.</summary>
internal sealed class PoissonComponents : LinearComponents
{
    private static readonly double[] SmallLogFactorials = [.. Enumerable.Range(0, 1024).Select(static value => LogFactorial(value))];

    private PoissonComponents(Matrix rates, double regularization)
        : base(rates, Math.Log, static rate => -rate, regularization)
    {
    }

    protected override string ParameterName => "rates";

    protected override bool HasBase => true;

    /// <summary>Checks given rates, and keeps them from 0.</summary>
    public static PoissonComponents Create(Matrix rates, double regularization)
    {
        RegularizationRange.CheckPositive(regularization);
        ParameterRange.Check(rates, "rate", static value => value >= 0 && double.IsFinite(value), "finite and not negative");
        return new PoissonComponents(Clamped(rates, rate => Math.Max(rate, regularization)), regularization);
    }

    public static PoissonComponents Load(JsonElement definition, int components, int columns, IReadOnlyDictionary<string, NumericArray> parameters) =>
        Create(new Matrix(components, columns, MixtureDefinition.Values(parameters, "rates", components, columns)), MixtureDefinition.Number(definition, "regularization"));

    public static PoissonComponents Neutral(int components, double regularization, ColumnSummary summary)
    {
        Matrix means = new(components, summary.Means.Length);
        for (int k = 0; k < components; k++)
            for (int j = 0; j < means.Columns; j++) means[k, j] = Math.Max(0, summary.Means[j]);
        return Create(means, regularization);
    }

    public override void WriteDefinition(Utf8JsonWriter writer) => writer.WriteNumber("regularization", Regularization);

    public override void CheckRows(Observations rows) =>
        EmissionChecks.Values(rows, static (_, value) => value >= 0 && value == Math.Floor(value), static _ => "a Poisson column holds counts: 0, 1, 2, …, and nothing where a value is missing");

    protected override double Clamp(double mean) => Math.Max(mean, Regularization);

    protected override ComponentFamily With(Matrix parameters) => new PoissonComponents(parameters, Regularization);

    protected override double MeanOf(double slope) => Math.Exp(slope);

    protected override double Draw(double mean, RandomStream random) => PoissonDraw.Next(mean, random);

    protected override double LogBase(double value) => value < SmallLogFactorials.Length ? -SmallLogFactorials[(int)value] : -LogFactorial(value);

    private static double LogFactorial(double value)
    {
        Span<double> result = [value + 1];
        VectorMath.LogGamma(result, result);
        return result[0];
    }
}
