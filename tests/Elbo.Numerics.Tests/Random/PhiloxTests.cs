namespace Elbo.Numerics.Tests.RandomStreams;

[Trait("Category", "Kernel")]
public sealed unsafe class PhiloxTests
{
    /// <summary>The known answers of the Random123 distribution (kat_vectors, philox4x32 with 10 rounds).</summary>
    [Theory]
    [InlineData(0x0000000000000000ul, 0x0000000000000000ul, 0x0000000000000000ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xfffffffffffffffful, 0xfffffffffffffffful, 0xfffffffffffffffful, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3243f6a88ul, 0x0370734413198a2eul, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Known_answers_come_out(ulong block, ulong stream, ulong key, uint w0, uint w1, uint w2, uint w3)
    {
        (ulong first, ulong second) = Philox.Block(block, stream, key);
        Assert.Equal((w0 | ((ulong)w1 << 32), w2 | ((ulong)w3 << 32)), (first, second));
    }

    [Fact]
    public void Every_width_writes_the_words_of_single_blocks_in_the_documented_order()
    {
        const ulong seed = 0x0123456789ABCDEF;
        const ulong stream = 0xFEDCBA9876543210;
        // The second start makes block numbers cross 2^32.
        foreach (ulong firstGroup in new ulong[] { 0, (1ul << 29) - 2 })
        {
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                uint[] words = new uint[4 * Philox.GroupWords];
                fixed (uint* destination = words)
                    Philox.Fill(destination, firstGroup, 4, stream, seed, width);
                for (int i = 0; i < words.Length; i++)
                {
                    int position = i % 32;
                    ulong block = ((firstGroup + (ulong)(i / 32)) * 8) + (ulong)(position % 16 / 2);
                    (ulong first, ulong second) = Philox.Block(block, stream, seed);
                    ulong half = position < 16 ? first : second;
                    Assert.Equal((uint)(position % 2 == 0 ? half : half >> 32), words[i]);
                }
            }
        }
    }
}
