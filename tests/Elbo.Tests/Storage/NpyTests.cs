using System.Text;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class NpyTests
{
    [Fact]
    public void Reads_the_bytes_that_numpy_writes()
    {
        // numpy.save of numpy.array([[1, 2, 3], [4, 5, 6]], dtype='<i2'), written out from the format's specification.
        byte[] file = Make("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }", [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
        NumericArray array = Read(file);
        Assert.Equal(NumericType.Int16, array.Type);
        Assert.Equal([2, 3], array.Shape.ToArray());
        Assert.Equal([1f, 2, 3, 4, 5, 6], array.ToFloat());
        Assert.Equal(0, file.AsSpan().IndexOf((byte)'{') % 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reads_every_version(int version) =>
        Assert.Equal([7f, 9], Read(Make("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [7, 9], version)).ToFloat());

    [Fact]
    public void Reads_big_endian()
    {
        Assert.Equal([1.5], Read(Make("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0])).ToDouble());
        Assert.Equal([258d], Read(Make("{'descr': '>u2', 'fortran_order': False, 'shape': (1,), }", [1, 2])).ToDouble());
    }

    [Fact]
    public void Reads_column_major_as_row_major()
    {
        // [[1, 2, 3], [4, 5, 6]] lies as 1 4 2 5 3 6.
        Assert.Equal([1f, 2, 3, 4, 5, 6], Read(Make("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }", [1, 4, 2, 5, 3, 6])).ToFloat());
        // a[i, j, k] = 100 i + 10 j + k for shape (2, 2, 3), first index fastest.
        byte[] cube = [0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112];
        Assert.Equal([0f, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112], Read(Make("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 3), }", cube)).ToFloat());
    }

    [Fact]
    public void Reads_a_scalar_and_an_empty_array()
    {
        Assert.Equal([3f], Read(Make("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", [3])).ToFloat());
        Assert.Equal(0, Read(Make("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 784), }", [])).Count);
    }

    [Fact]
    public void Every_type_survives_a_round_trip()
    {
        Check<bool>([true, false, true, true]);
        Check<byte>([0, 1, 128, 255]);
        Check<sbyte>([-128, -1, 0, 127]);
        Check<ushort>([0, 1, 40000, 65535]);
        Check<short>([-32768, -1, 0, 32767]);
        Check<uint>([0, 1, 3_000_000_000, uint.MaxValue]);
        Check<int>([int.MinValue, -1, 0, int.MaxValue]);
        Check<ulong>([0, 1, 1UL << 63, ulong.MaxValue]);
        Check<long>([long.MinValue, -1, 0, long.MaxValue]);
        Check<Half>([(Half)0.5, Half.MaxValue, Half.NaN, (Half)(-2)]);
        Check<float>([0.1f, float.MaxValue, float.NaN, -0f]);
        Check<double>([0.1, double.MaxValue, double.NaN, -0d]);

        static void Check<T>(T[] values)
            where T : unmanaged
        {
            NumericArray array = NumericArray.From<T>(values, 2, 2);
            using MemoryStream stream = new();
            Npy.Write(stream, array);
            Assert.Equal(0, (stream.Length - array.Bytes.Length) % 64);
            NumericArray back = Read(stream.ToArray());
            Assert.Equal(array.Type, back.Type);
            Assert.Equal([2, 2], back.Shape.ToArray());
            Assert.Equal(array.Bytes.ToArray(), back.Bytes.ToArray());
        }
    }

    [Fact]
    public void Writes_the_header_that_numpy_writes()
    {
        using MemoryStream stream = new();
        Npy.Write(stream, NumericArray.From<float>([1, 2, 3]));
        string text = Encoding.Latin1.GetString(stream.ToArray());
        Assert.StartsWith("\u0093NUMPY\u0001\u0000\u0076\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }  ", text, StringComparison.Ordinal);
        Assert.Equal('\n', text[127]);
    }

    [Theory]
    [InlineData("|O", "holds Python objects (pickle), which Elbo never loads")]
    [InlineData("<U5", "holds text (dtype '<U5')")]
    [InlineData("<c8", "holds elements of dtype '<c8'")]
    [InlineData("<M8[s]", "holds elements of dtype '<M8[s]'")]
    public void Refuses_other_than_numbers_by_name(string descriptor, string expected)
    {
        byte[] file = Make($"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': (2,), }}", new byte[64]);
        Assert.Contains($"'x.npy' {expected}", Assert.Throws<ElboException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_records() =>
        Assert.Contains("records with named fields", Refusal(Make("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", new byte[8])), StringComparison.Ordinal);

    [Fact]
    public void Says_how_much_of_a_truncated_file_is_there()
    {
        byte[] file = Make("{'descr': '<f4', 'fortran_order': False, 'shape': (10,), }", new byte[40]);
        Assert.Equal($"'x.npy' is truncated: {file.Length} bytes were expected, {file.Length - 3} are there; copy or download it again.", Refusal(file[..^3]));
    }

    [Fact]
    public void Refuses_trailing_bytes() =>
        Assert.Contains("longer than its header says", Refusal(Make("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new byte[5])), StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_shape_that_memory_cannot_hold() =>
        Assert.Contains("more than the 2 GiB", Refusal(Make("{'descr': '<f8', 'fortran_order': False, 'shape': (100000, 100000), }", [])), StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_file_of_another_kind() =>
        Assert.Contains("is not an npy file", Refusal("P5 28 28 255 and some more bytes"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void Names_a_missing_file_and_a_folder()
    {
        using TemporaryFolder folder = new();
        Assert.Equal($"'{folder["no.npy"]}' does not exist; check the path.", Assert.Throws<ElboException>(() => Npy.Load(folder["no.npy"])).Message);
        Assert.Contains("is a folder", Assert.Throws<ElboException>(() => Npy.Load(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_ten_thousand_mutants() => Mutation.Fuzz(
        [
            Make("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", new byte[24]),
            Make("{'descr': '>u2', 'fortran_order': True, 'shape': (4, 2, 3), }", new byte[48], 2),
            Make("{'descr': '|b1', 'fortran_order': False, 'shape': (9L,), }", new byte[9], 3),
        ],
        mutant => Read(mutant));

    internal static byte[] Make(string header, byte[] data, int version = 1)
    {
        int lengthBytes = version == 1 ? 2 : 4;
        int length = (8 + lengthBytes + header.Length + 1 + 63) / 64 * 64 - 8 - lengthBytes;
        List<byte> file = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0, (byte)length, (byte)(length >> 8)];
        if (version > 1) file.AddRange([0, 0]);
        file.AddRange(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        file.AddRange(data);
        return [.. file];
    }

    private static NumericArray Read(byte[] file) => Npy.Read(new MemoryStream(file), "x.npy");

    private static string Refusal(byte[] file) => Assert.Throws<ElboException>(() => Read(file)).Message;
}
