using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Numerics;

public static unsafe partial class VectorMath
{
    /// <summary>Σ aᵢbᵢ, in an order that depends on the length and on the machine's vector width alone.</summary>
    /// <param name="a">a.</param>
    /// <param name="b">b, of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} values cannot meet {b.Length} in a scalar product.", nameof(b));
        ReadOnlySpan<Vector<double>> first = MemoryMarshal.Cast<double, Vector<double>>(a), second = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        int i = 0;
        for (; i + 1 < first.Length; i += 2)
        {
            even += first[i] * second[i];
            odd += first[i + 1] * second[i + 1];
        }

        if (i < first.Length) even += first[i] * second[i];
        double sum = Vector.Sum(even + odd);
        for (int k = first.Length * Vector<double>.Count; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }

    /// <summary>Adds <c>factor · source</c> to <c>destination</c>, element by element.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="source">What to add a multiple of.</param>
    /// <param name="destination">What to add to, of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> destination)
    {
        if (source.Length != destination.Length) throw new ArgumentException($"{source.Length} values cannot be added to {destination.Length}.", nameof(source));
        ReadOnlySpan<Vector<double>> from = MemoryMarshal.Cast<double, Vector<double>>(source);
        Span<Vector<double>> to = MemoryMarshal.Cast<double, Vector<double>>(destination);
        Vector<double> factors = new(factor);
        for (int i = 0; i < from.Length; i++) to[i] += factors * from[i];
        for (int k = from.Length * Vector<double>.Count; k < source.Length; k++) destination[k] += factor * source[k];
    }
}
