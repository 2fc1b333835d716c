using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Elbo.Data;

namespace Elbo.Cli.Rows;

/// <summary>The SHA-256 of rows of doubles: of sizes, values, weights and sequences, not of names.</summary>
internal static class RowFingerprint
{
    private const int Block = 4096;

    public static string Of(Observations rows)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rows.Rows} {rows.Columns}\n")));
        double[] buffer = new double[Block * rows.Columns];
        for (long first = 0; first < rows.Rows; first += Block)
            hash.AppendData(MemoryMarshal.AsBytes(rows.Read(first, (int)Math.Min(Block, rows.Rows - first), buffer)));
        hash.AppendData(MemoryMarshal.AsBytes(rows.Weights));
        hash.AppendData(MemoryMarshal.AsBytes(rows.SequenceLengths));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
