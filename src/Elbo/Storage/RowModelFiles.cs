using System.Globalization;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>
/// A <see cref="RowModel"/> in a folder: <c>model.json</c> says what it is, <c>model.safetensors</c> holds its parameters in double
/// precision. Each family reads its own: <c>GaussianMixture.Load(description.Definition, parameters)</c>.
/// </summary>
public static class RowModelFiles
{
    private const string Format = "elbo-row-model";
    private const int Version = 1;

    /// <summary>Writes a model, each file whole or not at all.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="rowShape">The shape of a row, <c>[channels, height, width]</c> for images; null for <c>[columns]</c>.</param>
    /// <exception cref="ElboException">A file cannot be written.</exception>
    public static void Save(string folder, RowModel model, IReadOnlyList<int>? rowShape = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Safetensors.Save(Path.Combine(folder, "model.safetensors"), model.Parameters, [new("format", Format), new("version", Version.ToString(CultureInfo.InvariantCulture))]);
        AtomicFile.WriteText(Path.Combine(folder, "model.json"), ModelDescription.Write(new ModelDescription(model.Kind, rowShape ?? [model.Columns], model.Definition)));
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for a family's <c>Load</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What the model is, and its parameters by name.</returns>
    /// <exception cref="ElboException">A file is missing, damaged or of a newer format.</exception>
    public static (ModelDescription Description, IReadOnlyDictionary<string, NumericArray> Parameters) Read(string folder)
    {
        string path = Path.Combine(folder, "model.json");
        ModelDescription description = ModelDescription.Read(FileFailure.Guard(path, () => File.ReadAllText(path)), path);
        string weights = Path.Combine(folder, "model.safetensors");
        SafetensorsFile file = Safetensors.Load(weights);
        string version = file.Metadata.GetValueOrDefault("version") ?? "";
        if (file.Metadata.GetValueOrDefault("format") == Format && version != Version.ToString(CultureInfo.InvariantCulture))
            throw new ElboException($"'{weights}' has the model format {version}, and this Elbo reads {Version}; use the Elbo that wrote it, or a newer one.");
        return (description, file.Tensors);
    }
}
