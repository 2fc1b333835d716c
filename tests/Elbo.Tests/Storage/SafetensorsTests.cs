using System.Buffers.Binary;
using System.Text;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class SafetensorsTests
{
    [Fact]
    public void Writes_the_bytes_the_format_asks_for()
    {
        byte[] file = Make();
        const string Header = """{"__metadata__":{"format":"elbo","note":"β ≤ 1"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},"s":{"dtype":"I64","shape":[],"data_offsets":[11,19]}}""";
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 19, file.Length);
        Assert.Equal(1.5f, BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(8 + length)));
    }

    [Fact]
    public void Arrays_and_metadata_survive_a_round_trip()
    {
        SafetensorsFile file = Read(Make());
        Assert.Equal(["b", "a", "s"], file.Tensors.Keys);
        Assert.Equal([1.5f, -2f], file.Tensors["b"].AsSpan<float>().ToArray());
        Assert.Equal([2, 1], file.Tensors["b"].Shape.ToArray());
        Assert.Equal([1, 2, 3], file.Tensors["a"].AsSpan<byte>().ToArray());
        Assert.Equal(0, file.Tensors["s"].Rank);
        Assert.Equal(long.MinValue, file.Tensors["s"].AsSpan<long>()[0]);
        Assert.Equal("β ≤ 1", file.Metadata["note"]);
    }

    [Fact]
    public void The_header_may_list_the_arrays_in_any_order()
    {
        SafetensorsFile file = Read(Raw("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", [1, 2, 3]));
        Assert.Equal(["a", "b"], file.Tensors.Keys);
        Assert.Equal([3], file.Tensors["b"].AsSpan<byte>().ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", "'b' begin at byte 1, and 2 was expected")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", "'b' begin at byte 2, and 1 was expected")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}""", "needs 4 bytes, its offsets span 3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "longer than its header says")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "is truncated")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"U8","shape":[0],"data_offsets":[3,3]}}""", "names 'a' twice")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]}}""", "of type F8_E4M3, which Elbo does not read")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-3],"data_offsets":[0,3]}}""", "not a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,3]}}""", "beyond what an array can have")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2147483647,2147483647],"data_offsets":[0,3]}}""", "needs more than 2 GiB")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3]}}""", "without dtype, shape or two data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}} x""", "not the JSON")]
    [InlineData("""[1,2,3]""", "StartArray where StartObject was expected")]
    public void Refuses_what_breaks_a_rule(string header, string expected) =>
        Assert.Contains(expected, Assert.Throws<ElboException>(() => Read(Raw(header, [1, 2, 3]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_false_header_length()
    {
        byte[] file = Make();
        BinaryPrimitives.WriteInt64LittleEndian(file, 1L << 40);
        Assert.Contains("is not a safetensors file", Assert.Throws<ElboException>(() => Read(file)).Message, StringComparison.Ordinal);
        BinaryPrimitives.WriteInt64LittleEndian(file, 90_000_000);
        Assert.Contains("is truncated", Assert.Throws<ElboException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_to_write_a_name_twice() =>
        Assert.Throws<ArgumentException>(() => Safetensors.Write(new MemoryStream(), [new("a", NumericArray.From<byte>([1])), new("a", NumericArray.From<byte>([1]))]));

    [Fact]
    public void Survives_ten_thousand_mutants() => Mutation.Fuzz([Make(), Raw("{}", [])], static mutant => Read(mutant));

    private static byte[] Make()
    {
        using MemoryStream stream = new();
        Safetensors.Write(
            stream,
            [new("b", NumericArray.From<float>([1.5f, -2], 2, 1)), new("a", NumericArray.From<byte>([1, 2, 3])), new("s", new NumericArray(NumericType.Int64, [], BitConverter.GetBytes(long.MinValue)))],
            [new("format", "elbo"), new("note", "β ≤ 1")]);
        return stream.ToArray();
    }

    private static byte[] Raw(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    private static SafetensorsFile Read(byte[] file) => Safetensors.Read(new MemoryStream(file), "x.safetensors");
}
