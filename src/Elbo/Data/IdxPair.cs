using System.Buffers.Binary;
using System.Security.Cryptography;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Images and labels in two idx files.</summary>
internal sealed class IdxPair
{
    private readonly string imagePath;
    private readonly string labelPath;
    private readonly NumericArray images;
    private readonly int[] labels;

    private IdxPair(string imagePath, string labelPath, NumericArray images, int[] labels)
    {
        this.imagePath = imagePath;
        this.labelPath = labelPath;
        this.images = images;
        this.labels = labels;
    }

    public static IdxPair Load(string imagePath, string labelPath)
    {
        NumericArray images = Idx.LoadImages(imagePath);
        if (images.Count == 0) throw FileFailure.Mismatch(imagePath, $"has the shape {NumericArray.FormatShape(images.Shape)}, which holds nothing", "give it at least one image");
        int[] labels = Idx.LoadLabels(labelPath);
        if (labels.Length != images.Shape[0])
            throw FileFailure.Mismatch(labelPath, $"has {labels.Length} labels for the {images.Shape[0]} images of '{imagePath}'", "check that the two belong together");
        return new IdxPair(imagePath, labelPath, images, labels);
    }

    /// <summary>The file of labels that belongs to a file of images by the naming of MNIST, if it is there.</summary>
    public static string? FindLabels(string imagePath)
    {
        string name = Path.GetFileName(imagePath);
        string labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        if (labels == name) return null;
        string stem = labels.EndsWith(".gz", StringComparison.Ordinal) ? labels[..^3] : labels;
        string folder = Path.GetDirectoryName(imagePath) ?? "";
        return new[] { Path.Combine(folder, stem), Path.Combine(folder, stem + ".gz") }.FirstOrDefault(File.Exists);
    }

    public DataSet ToDataSet(string name, IReadOnlyList<string>? labelNames) =>
        DataSet.FromBytes(name, images.RawBytes, [1, images.Shape[1], images.Shape[2]], labels, labelNames);

    /// <summary>Whether both files have the published content, whichever way they are packed.</summary>
    public bool IsPublished(RemoteFile imageFile, RemoteFile labelFile) =>
        Matches(imageFile, imagePath, [images.Shape[0], images.Shape[1], images.Shape[2]], images.RawBytes)
        && Matches(labelFile, labelPath, [labels.Length], Array.ConvertAll(labels, static label => (byte)label));

    public static string HashOf(string path) => FileFailure.Guard(path, () =>
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    });

    private static bool Matches(RemoteFile file, string path, ReadOnlySpan<int> shape, byte[] data)
    {
        if (file.ContentSha256 is null) return HashOf(path) == file.Sha256;
        // The content is in memory already, so its hash needs no second unpacking: the header follows from the shape.
        byte[] header = new byte[4 + 4 * shape.Length];
        header[2] = 8;
        header[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(data);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == file.ContentSha256;
    }
}
