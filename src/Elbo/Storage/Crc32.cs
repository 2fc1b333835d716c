using System.Buffers.Binary;

namespace Elbo.Storage;

/// <summary>The CRC-32 of zip and PNG (ISO 3309, reflected polynomial 0xEDB88320), eight bytes a step.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> data) => Update(0, data);

    /// <summary>Continues a checksum: <c>Update(Update(0, a), b)</c> is that of a followed by b.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> t = Tables;
        crc = ~crc;
        for (; data.Length >= 8; data = data[8..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[0x700 + (int)(low & 255)] ^ t[0x600 + (int)((low >> 8) & 255)] ^ t[0x500 + (int)((low >> 16) & 255)] ^ t[0x400 + (int)(low >> 24)]
                ^ t[0x300 + (int)(high & 255)] ^ t[0x200 + (int)((high >> 8) & 255)] ^ t[0x100 + (int)((high >> 16) & 255)] ^ t[(int)(high >> 24)];
        }

        foreach (byte value in data) crc = t[(int)((crc ^ value) & 255)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
            tables[i] = value;
        }

        for (int i = 256; i < tables.Length; i++) tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 255];
        return tables;
    }
}
