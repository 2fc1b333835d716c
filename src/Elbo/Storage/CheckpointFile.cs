using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>What a checkpoint holds.</summary>
/// <param name="Path">The file it came from.</param>
/// <param name="Tensors">The arrays by name.</param>
/// <param name="State">Everything else, as JSON.</param>
internal sealed record Checkpoint(string Path, OrderedDictionary<string, NumericArray> Tensors, string State);

/// <summary>
/// Checkpoints in a folder, two generations: <c>current.safetensors</c> and <c>previous.safetensors</c>. A new one is first written whole and
/// flushed as <c>next.safetensors</c>, then the names move up, so at every instant at least one whole checkpoint is there.
/// </summary>
internal static class CheckpointFile
{
    private const string Format = "elbo-checkpoint";
    private const int Version = 1;

    /// <summary>From the newest; a process that is killed while the names move leaves the newest as "next".</summary>
    private static readonly string[] Generations = ["next.safetensors", "current.safetensors", "previous.safetensors"];

    public static void Save(string folder, IReadOnlyList<KeyValuePair<string, NumericArray>> tensors, string state)
    {
        FolderFailure.Guard(folder, () => Directory.CreateDirectory(folder));
        string[] paths = [.. Generations.Select(name => System.IO.Path.Combine(folder, name))];

        // A whole "next" that a killed process left is the newest there is, so it moves up before it is overwritten.
        if (File.Exists(paths[0]) && TryRead(paths[0], out _) is not null) Rotate(folder, paths);
        Safetensors.Save(paths[0], tensors, [new("format", Format), new("version", Version.ToString(CultureInfo.InvariantCulture)), new("state", state), new("sha256", Hash(tensors, state))]);
        Rotate(folder, paths);
    }

    /// <summary>The newest checkpoint that is whole; null where the folder has none.</summary>
    /// <exception cref="ElboException">There are checkpoints, and all are damaged.</exception>
    public static Checkpoint? Load(string folder, Action<string>? note)
    {
        List<string> failures = [];
        foreach (string name in Generations)
        {
            string path = System.IO.Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            if (TryRead(path, out string failure) is { } checkpoint)
            {
                foreach (string passedOver in failures) note?.Invoke($"{passedOver} Going back to the checkpoint before it, '{path}'.");
                return checkpoint;
            }

            failures.Add(failure);
        }

        if (failures.Count == 0) return null;
        throw new ElboException($"No checkpoint in '{folder}' can be read: {string.Join(" ", failures)} Start the run anew.");
    }

    private static void Rotate(string folder, string[] paths) => FolderFailure.Guard(folder, () =>
    {
        if (File.Exists(paths[1])) File.Move(paths[1], paths[2], overwrite: true);
        File.Move(paths[0], paths[1], overwrite: true);
    });

    private static Checkpoint? TryRead(string path, out string failure)
    {
        failure = "";
        try
        {
            SafetensorsFile file = Safetensors.Load(path);
            if (file.Metadata.GetValueOrDefault("format") != Format)
            {
                failure = $"'{path}' is no checkpoint of Elbo.";
                return null;
            }

            string version = file.Metadata.GetValueOrDefault("version") ?? "";
            if (version != Version.ToString(CultureInfo.InvariantCulture))
            {
                failure = $"'{path}' has the checkpoint format {version}, and this Elbo reads {Version}; use the Elbo that wrote it, or a newer one.";
                return null;
            }

            string state = file.Metadata.GetValueOrDefault("state") ?? "";
            if (Hash(file.Tensors, state) == file.Metadata.GetValueOrDefault("sha256")) return new Checkpoint(path, file.Tensors, state);
            failure = $"'{path}' is damaged: its content does not match its SHA-256.";
        }
        catch (ElboException exception)
        {
            failure = exception.Message;
        }

        return null;
    }

    private static string Hash(IEnumerable<KeyValuePair<string, NumericArray>> tensors, string state)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(state));
        foreach ((string name, NumericArray array) in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name} {NumericArray.FormatShape(array.Shape)}\n"));
            hash.AppendData(array.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
