using System.Runtime.InteropServices;
using Elbo.Numerics;
using Elbo.Storage;
using Microsoft.Win32.SafeHandles;

namespace Elbo.Data;

/// <summary>
/// Rows of an npy file of float32 or float64 that stay in the file: each pass of a fit reads them block by block, so that memory holds a block per thread
/// and no more. The answer is that of the same rows in memory, to the last bit.
/// </summary>
/// <remarks>
/// Blocks are read by position rather than through a mapping of the file into memory: the system keeps the file's pages as it does for a mapping, but a mapped file that
/// shrinks ends the process with a signal that no program can catch, and here it ends the fit with a sentence.
/// </remarks>
public sealed class FileObservations : Observations, IDisposable
{
    /// <summary>Files of this many bytes are not read into memory: 256 MiB.</summary>
    internal const long LargeFile = 256L << 20;

    private readonly SafeFileHandle file;
    private readonly string path;
    private readonly long offset;
    private readonly bool single;
    private readonly double[]? weights;

    private FileObservations(string name, long rows, int columns, SafeFileHandle file, string path, long offset, bool single, IReadOnlyList<string>? columnNames, double[]? weights, IReadOnlyList<int>? sequenceLengths)
        : base(name, rows, columns, columnNames, sequenceLengths)
    {
        this.file = file;
        this.path = path;
        this.offset = offset;
        this.single = single;
        this.weights = weights;
        if (!(TotalWeight > 0)) throw new ElboException($"All weights of '{name}' are 0; give at least one row a positive weight.");
        MayHaveMissing = Scan();
    }

    /// <inheritdoc/>
    public override bool MayHaveMissing { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Weights => weights;

    /// <summary>Opens a file, and reads it once to see whether values are missing.</summary>
    /// <param name="path">An npy file of float32 or float64, little-endian, in row-major order, of shape <c>[rows, columns]</c> or <c>[rows]</c>.</param>
    /// <param name="columnNames">One name per column, or null.</param>
    /// <exception cref="ElboException">The file cannot be read, holds something else, is shorter than it says, or holds an infinite value; names the row.</exception>
    public static FileObservations OpenNpy(string path, IReadOnlyList<string>? columnNames = null) => FileFailure.Guard(path, () =>
    {
        (NpyHeader header, long offset) = Npy.ReadHeader(path);
        if (header.Type is not (NumericType.Float32 or NumericType.Float64) || header.BigEndian || header.FortranOrder || header.Shape.Length is not (1 or 2))
            throw FileFailure.Mismatch(path, $"holds {header.Type} of shape {NumericArray.FormatShape(header.Shape)}{(header.FortranOrder ? " in column order" : "")}{(header.BigEndian ? ", big-endian" : "")}, and rows of float32 or float64 in row-major order are streamed", "save it from NumPy with np.ascontiguousarray(x, 'float32')");
        return Open(path, Path.GetFileNameWithoutExtension(path), header.Shape[0], header.Shape.Length == 1 ? 1 : header.Shape[1], offset, header.Type == NumericType.Float32, columnNames, null, null);
    });

    /// <summary>Whether a file is large, and can be streamed by <see cref="OpenNpy"/>.</summary>
    internal static bool IsLargeNpy(string path)
    {
        if (new FileInfo(path).Length < LargeFile) return false;
        NpyHeader header = Npy.ReadHeader(path).Header;
        return header is { Type: NumericType.Float32 or NumericType.Float64, BigEndian: false, FortranOrder: false, Shape.Length: 1 or 2 };
    }

    /// <summary>Opens values as they lie in a file, from an offset on.</summary>
    internal static FileObservations Open(
        string path, string name, long rows, int columns, long offset, bool single, IReadOnlyList<string>? columnNames, double[]? weights, IReadOnlyList<int>? sequenceLengths)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return new FileObservations(name, rows, columns, file, path, offset, single, columnNames, weights, sequenceLengths);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Read(long first, int count, Span<double> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Rows);
        Span<double> values = buffer[..checked(count * Columns)];
        if (!single)
        {
            ReadBytes(MemoryMarshal.AsBytes(values), offset + first * Columns * sizeof(double), first);
            return values;
        }

        // The floats come to lie in the second half, from where they are widened in order: no value is overwritten before it is read.
        Span<float> floats = MemoryMarshal.Cast<double, float>(values)[values.Length..];
        ReadBytes(MemoryMarshal.AsBytes(floats), offset + first * Columns * sizeof(float), first);
        for (int i = 0; i < values.Length; i++)
        {
            float value = floats[i];
            values[i] = value;
        }

        return values;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private void ReadBytes(Span<byte> bytes, long position, long first)
    {
        while (bytes.Length > 0)
        {
            int read;
            try
            {
                read = RandomAccess.Read(file, bytes, position);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new ElboException($"'{path}' could not be read at row {first}: {exception.Message}", exception);
            }

            if (read == 0)
                throw new ElboException($"'{path}' ends before row {first} of the {Rows} that it should have, or shortly after it: it was cut short or is being rewritten; restore it and start again.");
            bytes = bytes[read..];
            position += read;
        }
    }

    private bool Scan()
    {
        bool missing = false;
        int rows = Math.Max(1, (1 << 16) / Columns);
        double[] buffer = new double[rows * Columns];
        for (long first = 0; first < Rows; first += rows)
        {
            ReadOnlySpan<double> values = Read(first, (int)Math.Min(rows, Rows - first), buffer);
            // x − x is 0 for all but NaN and the infinities.
            double sum = 0;
            foreach (double value in values) sum += value - value;
            if (sum == 0) continue;
            missing = true;
            for (int i = 0; i < values.Length; i++)
                if (double.IsInfinity(values[i])) throw FileFailure.Mismatch(path, $"has an infinite value in row {first + i / Columns}, column '{ColumnNames[i % Columns]}'", "replace it by a finite one, or by NaN for a missing value");
        }

        return missing;
    }
}
