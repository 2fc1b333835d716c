using System.Globalization;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>The numbers of a model in a safetensors file: one F32 array a parameter, under its name.</summary>
public static class ModelWeights
{
    private const string Format = "elbo-model";
    private const int Version = 1;

    /// <summary>Writes the parameters, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">What to write, running statistics included.</param>
    /// <param name="store">Where the values are.</param>
    /// <exception cref="ElboException">The file cannot be written; one that was there before is unchanged.</exception>
    public static void Save(string path, IEnumerable<Parameter> parameters, VariableStore<float> store)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(store);
        Safetensors.Save(
            path,
            parameters.Select(parameter => new KeyValuePair<string, NumericArray>(parameter.Name, ToArray(store[parameter.Variable], parameter.Shape))),
            [new("format", Format), new("version", Version.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Reads the parameters of a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">What the model has.</param>
    /// <param name="store">Where the values go; unchanged on failure.</param>
    /// <exception cref="ElboException">The file is missing, truncated or of a newer format, its arrays are not the model's, or hold a number that is not finite; the message names the array.</exception>
    public static void Load(string path, IReadOnlyList<Parameter> parameters, VariableStore<float> store)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(store);
        SafetensorsFile file = Safetensors.Load(path);
        string version = file.Metadata.GetValueOrDefault("version") ?? "";
        if (file.Metadata.GetValueOrDefault("format") == Format && version != Version.ToString(CultureInfo.InvariantCulture))
            throw new ElboException($"'{path}' has the model format {version}, and this Elbo reads {Version}; use the Elbo that wrote it, or a newer one.");
        Check(path, file.Tensors, parameters.ToDictionary(parameter => parameter.Name));
        foreach (Parameter parameter in parameters) file.Tensors[parameter.Name].ToFloat().CopyTo(store[parameter.Variable]);
    }

    /// <summary>Copies a variable's values; one that is a scalar stays a scalar, an array of rank 0.</summary>
    internal static NumericArray ToArray(ReadOnlySpan<float> values, Shape shape)
    {
        NumericArray array = new(NumericType.Float32, shape.AsSpan());
        values.CopyTo(array.AsSpan<float>());
        return array;
    }

    /// <summary>Throws unless a file's arrays are exactly those expected, of finite numbers.</summary>
    internal static void Check(string path, IEnumerable<KeyValuePair<string, NumericArray>> tensors, IReadOnlyDictionary<string, Parameter> expected)
    {
        HashSet<string> found = [];
        foreach ((string name, NumericArray array) in tensors)
        {
            if (!expected.TryGetValue(name, out Parameter? parameter))
                throw new ElboException($"'{path}' holds '{name}', which the model does not have; it belongs to another model, so use the weights that were saved with this one.");
            if (!array.Shape.SequenceEqual(parameter.Shape.AsSpan()))
                throw new ElboException($"'{path}' holds '{name}' of shape {NumericArray.FormatShape(array.Shape)}, and the model expects {parameter.Shape}; use the weights that were saved with this model.");
            if (array.Type is not (NumericType.Float32 or NumericType.Float64 or NumericType.Float16))
                throw new ElboException($"'{path}' holds '{name}' as {array.Type}, and numbers with a fraction were expected; save it as F32.");
            if (FirstNonFinite(array) is { } place)
                throw new ElboException($"'{path}' holds '{name}' with a number that is not finite (value {place} of {array.Count}), so nothing the model says would mean anything; restore the file, or fit the model again.");
            found.Add(name);
        }

        foreach (string name in expected.Keys)
            if (!found.Contains(name)) throw new ElboException($"'{path}' does not hold '{name}', which the model expects; use the weights that were saved with this model.");
    }

    /// <summary>The place of the first NaN or infinity as the model would see it, a float; null where there is none.</summary>
    private static int? FirstNonFinite(NumericArray array)
    {
        ReadOnlySpan<float> values = array.Type == NumericType.Float32 ? array.AsSpan<float>() : array.ToFloat();
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) return i;
        return null;
    }
}
