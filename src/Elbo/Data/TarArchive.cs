using System.Text;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>
/// Reads the regular files of a tar archive one after the other.
/// </summary>
/// <remarks>
/// Not System.Formats.Tar: that allocates what an extended header claims, up to 2 GiB, before it reads it; here every length is
/// checked by reading. Extended headers are passed over, so a name longer than 100 letters is cut, which data archives do not have.
/// </remarks>
internal sealed class TarArchive(Stream stream, string name)
{
    private const int Block = 512;

    private long position;

    /// <summary>The next regular file, or null at the end of the archive. <paramref name="limit"/> bounds its size.</summary>
    public (string Name, byte[] Content)? Next(Func<string, bool> wanted, long limit)
    {
        while (true)
        {
            byte[] header = new byte[Block];
            int read = stream.ReadAtLeast(header, Block, throwOnEndOfStream: false);
            position += read;
            if (read == 0 || !header.AsSpan().ContainsAnyExcept((byte)0)) return null;
            if (read < Block) throw FileFailure.Truncated(name, position - read + Block, position);
            if (Octal(header.AsSpan(148, 8)) != Checksum(header)) throw FileFailure.Broken(name, $"its tar header before byte {position} does not match its checksum");
            long size = Octal(header.AsSpan(124, 12));
            if (size < 0) throw FileFailure.Broken(name, $"its tar header before byte {position} has a size that is not an octal number");
            string entry = Text(header.AsSpan(0, 100));
            bool regular = header[156] is 0 or (byte)'0';
            long padded = (size + Block - 1) / Block * Block;
            if (regular && wanted(entry))
            {
                if (size > limit) throw FileFailure.Broken(name, $"its entry '{entry}' has {size} bytes, and at most {limit} were expected");
                byte[] content = StreamReading.ReadExactly(stream, size, $"{name}:{entry}");
                Skip(padded - size);
                position += padded;
                return (entry, content);
            }

            Skip(padded);
            position += padded;
        }
    }

    private void Skip(long count)
    {
        byte[] block = new byte[Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            int read = stream.Read(block.AsSpan(0, (int)Math.Min(count, block.Length)));
            if (read == 0) throw FileFailure.Truncated(name, position + count, position);
            count -= read;
        }
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (byte digit in field.Trim((byte)' '))
        {
            if (digit == 0) break;
            if (digit == ' ') break;
            if (digit is < (byte)'0' or > (byte)'7') return -1;
            value = value * 8 + (digit - '0');
        }

        return value;
    }

    private static long Checksum(ReadOnlySpan<byte> header)
    {
        long sum = 0;
        for (int i = 0; i < header.Length; i++) sum += i is >= 148 and < 156 ? ' ' : header[i];
        return sum;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
