using System.Formats.Tar;
using System.Text;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public class CifarTests
{
    [Fact]
    public void Reads_the_archive_in_the_order_of_the_batch_names()
    {
        using TemporaryFolder folder = new();
        LoadedData data = Cifar.LoadArchive(folder.Write("c.tar.gz", IdxTests.Gzip(Archive())));
        Assert.Equal([3, 32, 32], data.Train.RowShape.ToArray());
        Assert.Equal([1, 2, 3], data.Train.Labels.ToArray());
        Assert.Equal([4], data.Test!.Labels.ToArray());
        Assert.Equal("bird", data.Train.LabelNames[2]);
        Assert.Equal(Records(1)[1..], data.Train.Bytes[..3072].ToArray());
        Assert.Equal(data.Train.Fingerprint, Cifar.LoadArchive(folder.Write("c.tar", Archive())).Train.Fingerprint);
    }

    [Fact]
    public void A_folder_and_a_single_batch_read_the_same()
    {
        using TemporaryFolder folder = new();
        folder.Write("data_batch_2.bin", Records(2, 3));
        string first = folder.Write("data_batch_1.bin", Records(1));
        LoadedData data = Cifar.LoadFolder(folder.FullName);
        Assert.Equal([1, 2, 3], data.Train.Labels.ToArray());
        Assert.Null(data.Test);
        Assert.Equal([1], Cifar.LoadBatch(first).Labels.ToArray());
    }

    [Fact]
    public void Bad_batches_are_named()
    {
        using TemporaryFolder folder = new();
        string cut = folder.Write("data_batch_1.bin", Records(1, 2).AsSpan(0, 6000));
        Assert.Equal($"'{cut}' has 6000 bytes, and whole CIFAR-10 records of 3073 bytes were expected; check that it is the right file, or download it again.", Refusal(() => Cifar.LoadBatch(cut)));
        Assert.Contains("has the label 11 in record 1", Refusal(() => Cifar.LoadBatch(folder.Write("b.bin", Records(1, 11)))), StringComparison.Ordinal);
        Assert.Contains("holds no file named data_batch_*.bin", Refusal(() => Cifar.ReadArchive(new MemoryStream(new byte[1024]), "x.tar")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_archive_is_named()
    {
        using TemporaryFolder folder = new();
        byte[] archive = Archive();
        Assert.Contains("is truncated", Refusal(() => Cifar.LoadArchive(folder.Write("c.tar", archive.AsSpan(0, 4000)))), StringComparison.Ordinal);
        Assert.Contains("is truncated", Refusal(() => Cifar.LoadArchive(folder.Write("c.tar", archive.AsSpan(0, 700)))), StringComparison.Ordinal);
        archive[3] ^= 1;
        Assert.Contains("does not match its checksum", Refusal(() => Cifar.LoadArchive(folder.Write("c.tar", archive))), StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_ten_thousand_mutants_of_a_tar() => Mutation.Fuzz([Archive()], static mutant => Cifar.ReadArchive(new MemoryStream(mutant), "x.tar"), RepairChecksums);

    [Fact]
    public void Survives_ten_thousand_mutants_of_a_tar_in_gzip() => Mutation.Fuzz([IdxTests.Gzip(Archive())], static mutant => Cifar.ReadArchive(CompressedFile.Unwrap(new MemoryStream(mutant)), "x.tar.gz"));

    [Fact]
    public void Survives_ten_thousand_mutants_of_a_batch()
    {
        using TemporaryFolder folder = new();
        string path = folder["batch.bin"];
        Mutation.Fuzz([Records(3)], mutant =>
        {
            File.WriteAllBytes(path, mutant);
            Cifar.LoadBatch(path);
        });
    }

    [Fact]
    public void Reads_the_shared_archive()
    {
        string root = SharedData.Require("cifar-10/cifar-10-binary.tar.gz");
        LoadedData data = Cifar.LoadArchive(Path.Combine(root, "cifar-10", "cifar-10-binary.tar.gz"));
        Assert.Equal(10_000, data.Train.Rows);
        Assert.Equal(2_000, data.Test!.Rows);
        Assert.Equal(new ValueRange(0, 1, 0), data.Train.Range);
        for (int label = 0; label < 10; label++) Assert.InRange(data.Train.Labels.Count(label), 500, 1500);
    }

    private static byte[] Records(params int[] labels)
    {
        List<byte> bytes = [];
        foreach (int label in labels)
        {
            bytes.Add((byte)label);
            for (int i = 0; i < 3072; i++) bytes.Add((byte)(i * label >> 2));
        }

        return [.. bytes];
    }

    private static byte[] Archive()
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "cifar-10-batches-bin/"));
            Add("batches.meta.txt", Encoding.UTF8.GetBytes("airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"));
            Add("data_batch_2.bin", Records(2, 3));
            Add("readme.html", "not data"u8.ToArray());
            Add("data_batch_1.bin", Records(1));
            Add("test_batch.bin", Records(4));

            void Add(string name, byte[] content) => writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "cifar-10-batches-bin/" + name) { DataStream = new MemoryStream(content) });
        }

        return stream.ToArray();
    }

    private static void RepairChecksums(byte[] archive)
    {
        for (int at = 0; at + 512 <= archive.Length; at += 512)
        {
            // Where "ustar" stands at its place, a header begins.
            if (!archive.AsSpan(at + 257).StartsWith("ustar"u8)) continue;
            archive.AsSpan(at + 148, 8).Fill((byte)' ');
            int sum = 0;
            foreach (byte value in archive.AsSpan(at, 512)) sum += value;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(archive.AsSpan(at + 148));
        }
    }

    private static string Refusal(Action read) => Assert.Throws<ElboException>(read).Message;
}
