namespace Elbo.Storage;

/// <summary>Reading that trusts no length a header states: memory grows only as data arrive.</summary>
internal static class StreamReading
{
    private const int FirstBlock = 1 << 16;

    public static FileStream OpenRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);

    /// <summary>Reads <paramref name="count"/> bytes or throws the "truncated" sentence, counting <paramref name="before"/> bytes already read.</summary>
    public static byte[] ReadExactly(Stream stream, long count, string name, long before = 0)
    {
        if (count > Array.MaxLength)
            throw FileFailure.Mismatch(name, $"says that it holds {count} bytes of data, more than the 2 GiB one array can take", "split it into smaller files");
        // A seekable stream knows its length, so the claim is checked before anything is allocated; elsewhere the buffer doubles.
        if (stream.CanSeek)
        {
            long left = stream.Length - stream.Position;
            if (left < count) throw FileFailure.Truncated(name, before + count, before + left);
        }

        byte[] buffer = new byte[stream.CanSeek ? count : Math.Min(count, FirstBlock)];
        int filled = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            filled += read;
            if (filled == count) return buffer;
            if (filled < buffer.Length) throw FileFailure.Truncated(name, before + count, before + filled);
            Array.Resize(ref buffer, (int)Math.Min(count, Math.Min(2L * buffer.Length, Array.MaxLength)));
        }
    }

    /// <summary>Throws unless the stream ends here. Reading on also makes a gzip stream check its trailer.</summary>
    public static void ExpectEnd(Stream stream, string name, long expected)
    {
        Span<byte> one = stackalloc byte[1];
        if (stream.Read(one) != 0) throw FileFailure.Trailing(name, expected);
    }

    /// <summary>Reads to the end, refusing a stream of more than <paramref name="limit"/> bytes.</summary>
    public static byte[] ReadToEnd(Stream stream, long limit, string name)
    {
        using MemoryStream memory = new();
        byte[] block = new byte[FirstBlock];
        for (int read; (read = stream.Read(block)) != 0;)
        {
            if (memory.Length + read > limit)
                throw FileFailure.Mismatch(name, $"unpacks to more than {limit} bytes", "split it into smaller files");
            memory.Write(block, 0, read);
        }

        return memory.ToArray();
    }
}
