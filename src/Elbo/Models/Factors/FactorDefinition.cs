using System.Buffers;
using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>How factor models are written to and read from a model folder.</summary>
internal static class FactorDefinition
{
    public const string Mean = "mean";
    public const string Loadings = "loadings";

    public static JsonElement Write(int columns, int factors, Action<Utf8JsonWriter> more)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("columns", columns);
            writer.WriteNumber("factors", factors);
            more(writer);
            writer.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>A whole number of the definition.</summary>
    /// <exception cref="ElboException">It is missing or out of range.</exception>
    public static int Integer(JsonElement definition, string name, int least)
    {
        if (definition.ValueKind != JsonValueKind.Object || !definition.TryGetProperty(name, out JsonElement value) || !value.TryGetInt32(out int number) || number < least)
            throw new ElboException($"The model's definition has no '{name}' of at least {least}; the model folder is damaged or of another family.");
        return number;
    }

    /// <summary>An array of the model's parameters, finite and of the shape that the definition implies.</summary>
    /// <exception cref="ElboException">It is missing, has another shape, or a value is not finite.</exception>
    public static double[] Values(IReadOnlyDictionary<string, NumericArray> parameters, string name, params ReadOnlySpan<int> shape)
    {
        string expected = $"[{string.Join(", ", shape.ToArray())}]";
        if (!parameters.TryGetValue(name, out NumericArray? array)) throw new ElboException($"The model has no parameter '{name}' of shape {expected}; the model folder is damaged or of another family.");
        if (!array.Shape.SequenceEqual(shape))
            throw new ElboException($"The parameter '{name}' has shape [{string.Join(", ", array.Shape.ToArray())}], and the model's definition implies {expected}; the model folder is damaged.");
        double[] values = array.ToDouble();
        foreach (double value in values)
            if (!double.IsFinite(value)) throw new ElboException($"The parameter '{name}' holds {value}; every parameter is a finite number.");
        return values;
    }

    /// <summary>Throws unless every variance is positive.</summary>
    /// <exception cref="ElboException">One is not.</exception>
    public static void CheckNoise(ReadOnlySpan<double> noise)
    {
        for (int i = 0; i < noise.Length; i++)
            if (!(noise[i] > 0) || !double.IsFinite(noise[i])) throw new ElboException($"The noise variance of column {i} is {noise[i]}; a noise variance is positive.");
    }

    /// <summary>Reads mean and loadings, and joins them with the noise.</summary>
    public static FactorGaussian Read(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters, Func<int, double[]> noise)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int columns = Integer(definition, "columns", 1), factors = Integer(definition, "factors", 0);
        if (factors > columns) throw new ElboException($"The model's definition has {factors} factors for {columns} columns; at most one for each column.");
        double[] mean = Values(parameters, Mean, columns), loadings = Values(parameters, Loadings, columns, factors), variances = noise(columns);
        CheckNoise(variances);
        return new FactorGaussian(mean, new Matrix(columns, factors, loadings), variances);
    }

    /// <summary>Throws unless parameters given by a caller agree in size and range; copies them.</summary>
    public static FactorGaussian Check(ReadOnlySpan<double> mean, Matrix loadings, ReadOnlySpan<double> noise)
    {
        ArgumentNullException.ThrowIfNull(loadings);
        if (mean.Length == 0 || loadings.Rows != mean.Length || loadings.Columns > mean.Length || noise.Length != mean.Length)
            throw new ArgumentException($"A mean of {mean.Length} values, loadings of shape [{loadings.Rows}, {loadings.Columns}] and {noise.Length} noise variances do not make a factor model; give D, [D, Q] with Q ≤ D, and D.", nameof(loadings));
        foreach (double value in mean)
            if (!double.IsFinite(value)) throw new ElboException($"The mean holds {value}; every parameter is a finite number.");
        foreach (double value in loadings.Values)
            if (!double.IsFinite(value)) throw new ElboException($"The loadings hold {value}; every parameter is a finite number.");
        CheckNoise(noise);
        return new FactorGaussian(mean.ToArray(), loadings.Clone(), noise.ToArray());
    }
}
