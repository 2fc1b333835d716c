using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>One pass over a data set: its fingerprint, its range, its mean, its check against a likelihood's support.</summary>
internal static class DataSummary
{
    public static string Fingerprint(DataSet data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append([data.IsBytes ? 1 : 4, data.Rows, .. data.RowShape]);
        hash.AppendData(data.Bytes);
        hash.AppendData(MemoryMarshal.AsBytes(data.Floats));
        Append([data.HasLabels ? 1 : 0]);
        hash.AppendData(MemoryMarshal.AsBytes(data.Labels));
        foreach (string name in data.LabelNames) hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
        if (data.Factors is { } factors) hash.AppendData(MemoryMarshal.AsBytes(factors.Values));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(ReadOnlySpan<int> numbers)
        {
            Span<byte> word = stackalloc byte[4];
            foreach (int number in numbers)
            {
                BinaryPrimitives.WriteInt32LittleEndian(word, number);
                hash.AppendData(word);
            }
        }
    }

    public static ValueRange Range(DataSet data)
    {
        if (data.IsBytes)
        {
            byte low = byte.MaxValue;
            byte high = byte.MinValue;
            foreach (byte value in data.Bytes)
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }

            return data.Rows == 0 ? new ValueRange(double.NaN, double.NaN, 0) : new ValueRange(low / 255d, high / 255d, 0);
        }

        double minimum = double.PositiveInfinity;
        double maximum = double.NegativeInfinity;
        long missing = 0;
        foreach (float value in data.Floats)
        {
            if (float.IsNaN(value))
            {
                missing++;
                continue;
            }

            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return missing == data.Floats.Length ? new ValueRange(double.NaN, double.NaN, missing) : new ValueRange(minimum, maximum, missing);
    }

    public static double[] Mean(DataSet data)
    {
        double[] sums = new double[data.RowLength];
        if (data.IsBytes)
        {
            long[] counts = new long[data.RowLength];
            for (int row = 0; row < data.Rows; row++)
            {
                ReadOnlySpan<byte> values = data.Bytes.Slice(row * data.RowLength, data.RowLength);
                for (int i = 0; i < values.Length; i++) counts[i] += values[i];
            }

            for (int i = 0; i < sums.Length; i++) sums[i] = counts[i] / (255d * data.Rows);
            return sums;
        }

        long[] present = new long[data.RowLength];
        for (int i = 0; i < data.Floats.Length; i++)
        {
            float value = data.Floats[i];
            if (float.IsNaN(value)) continue;
            sums[i % data.RowLength] += value;
            present[i % data.RowLength]++;
        }

        for (int i = 0; i < sums.Length; i++) sums[i] /= present[i];
        return sums;
    }

    public static void RequireRange(DataSet data, double minimum, double maximum, string reason)
    {
        // Bytes are 0..1 by construction; only a range narrower than that needs a look at them.
        if (data.IsBytes && minimum <= 0 && maximum >= 1) return;
        for (int i = 0; i < data.Rows * (long)data.RowLength; i++)
        {
            double value = data.IsBytes ? data.Bytes[i] / 255d : data.Floats[i];
            if (value >= minimum && value <= maximum) continue;
            string place = data.Place((int)(i / data.RowLength), (int)(i % data.RowLength));
            if (double.IsNaN(value))
                throw new ElboException($"{Capitalize(reason)} cannot take missing values, and {place} is NaN; fill the gaps or remove those rows.");
            throw new ElboException($"{Capitalize(reason)} takes values from {Format(minimum)} to {Format(maximum)}, and {place} is {Format(value)}; {Remedy(data, maximum, value)}.");
        }
    }

    private static string Remedy(DataSet data, double maximum, double value) =>
        maximum == 1 && value > 1 && data.Range is { Minimum: >= 0, Maximum: <= 255 }
            ? "divide the values by 255, save them as bytes, or choose another likelihood"
            : "rescale the values or choose another likelihood";

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Format(double value) =>
        double.IsPositiveInfinity(value) ? "infinity" : double.IsNegativeInfinity(value) ? "-infinity" : value.ToString("G7", CultureInfo.InvariantCulture);
}
