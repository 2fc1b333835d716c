using System.IO.Compression;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class NpzTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Arrays_survive_a_round_trip_in_order(bool compress)
    {
        byte[] file = Make(compress);
        OrderedDictionary<string, NumericArray> arrays = Npz.Read(new MemoryStream(file), "x.npz");
        Assert.Equal(["z", "a/b"], arrays.Keys);
        Assert.Equal([1f, 2, 3], arrays["z"].ToFloat());
        Assert.Equal([2, 1], arrays["a/b"].Shape.ToArray());
        Assert.Equal([-5L, 7L], arrays["a/b"].AsSpan<long>().ToArray());
    }

    [Fact]
    public void The_same_arrays_make_the_same_bytes() => Assert.Equal(Make(true), Make(true));

    [Fact]
    public void Reads_only_what_is_wanted()
    {
        byte[] file = Zip(("good.npy", NpyTests.Make("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", [4])), ("bad.npy", NpyTests.Make("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", [4])));
        Assert.Equal(["good"], Npz.Read(new MemoryStream(file), "x.npz", static key => key == "good").Keys);
        string message = Assert.Throws<ElboException>(() => Npz.Read(new MemoryStream(file), "x.npz")).Message;
        Assert.StartsWith("'x.npz:bad' holds Python objects (pickle), which Elbo never loads;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_in_the_data_is_found()
    {
        byte[] file = Make(compress: false);
        // The last bytes of the first array are just before the second local header, "PK\3\4".
        int second = file.AsSpan(4).IndexOf("PK\u0003\u0004"u8) + 4;
        file[second - 2] ^= 1;
        Assert.Contains("do not match their checksum", Assert.Throws<ElboException>(() => Npz.Read(new MemoryStream(file), "x.npz")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_archive_says_so() =>
        Assert.StartsWith("'x.npz' is not an npz file: it has no zip directory at its end; copy it again", Assert.Throws<ElboException>(() => Npz.Read(new MemoryStream(Make(true)[..^30]), "x.npz")).Message, StringComparison.Ordinal);

    [Fact]
    public void Survives_ten_thousand_mutants() => Mutation.Fuzz([Make(true), Make(false)], static mutant => Npz.Read(new MemoryStream(mutant), "x.npz"));

    private static byte[] Make(bool compress)
    {
        using MemoryStream stream = new();
        Npz.Write(stream, [new("z", NumericArray.From<float>([1, 2, 3])), new("a/b", NumericArray.From<long>([-5, 7], 2, 1))], compress);
        return stream.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
