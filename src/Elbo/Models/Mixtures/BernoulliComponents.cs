using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K products of Bernoulli distributions, p(x|k) = Πⱼ pₖⱼ^xⱼ (1 − pₖⱼ)^(1 − xⱼ).</summary>
internal sealed class BernoulliComponents : LinearComponents
{
    private BernoulliComponents(Matrix probabilities, double regularization)
        : base(probabilities, static p => Math.Log(p) - Math.Log(1 - p), static p => Math.Log(1 - p), regularization)
    {
    }

    protected override string ParameterName => "probabilities";

    /// <summary>Checks given probabilities, and keeps them from 0 and 1.</summary>
    public static BernoulliComponents Create(Matrix probabilities, double regularization)
    {
        RegularizationRange.Check(regularization, 2);
        ParameterRange.Check(probabilities, "probability", static value => value is >= 0 and <= 1, "from 0 to 1");
        return new BernoulliComponents(Clamped(probabilities, p => Clamp(p, regularization)), regularization);
    }

    public static BernoulliComponents Load(JsonElement definition, int components, int columns, IReadOnlyDictionary<string, NumericArray> parameters) =>
        Create(new Matrix(components, columns, MixtureDefinition.Values(parameters, "probabilities", components, columns)), MixtureDefinition.Number(definition, "regularization"));

    public static BernoulliComponents Neutral(int components, double regularization, ColumnSummary summary)
    {
        Matrix means = new(components, summary.Means.Length);
        // Values that are refused later, by row, may have a mean that is no probability.
        for (int k = 0; k < components; k++)
            for (int j = 0; j < means.Columns; j++) means[k, j] = Math.Clamp(summary.Means[j], 0, 1);
        return Create(means, regularization);
    }

    public override void WriteDefinition(Utf8JsonWriter writer) => writer.WriteNumber("regularization", Regularization);

    public override void CheckRows(Observations rows) =>
        EmissionChecks.Values(rows, static (_, value) => value is 0 or 1, static _ => "a Bernoulli column holds 0 or 1, and nothing where a value is missing");

    protected override double Clamp(double mean) => Clamp(mean, Regularization);

    protected override ComponentFamily With(Matrix parameters) => new BernoulliComponents(parameters, Regularization);

    protected override double MeanOf(double slope) => 1 / (1 + Math.Exp(-slope));

    protected override double Draw(double mean, RandomStream random) => random.Uniform(0) < mean ? 1 : 0;

    private static double Clamp(double mean, double regularization) => Math.Clamp(mean, regularization, 1 - regularization);
}
