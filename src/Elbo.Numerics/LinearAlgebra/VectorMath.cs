using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>Functions of whole spans of doubles, by the engine's vectorised loops; source and destination may be the same span.</summary>
public static unsafe partial class VectorMath
{
    /// <summary>eˣ of each element; within 1 unit in the last place.</summary>
    /// <param name="source">x.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    public static void Exp(ReadOnlySpan<double> source, Span<double> destination) => Apply(UnaryOpcode.Exp, source, destination);

    /// <summary>ln x of each element; within 1 unit in the last place.</summary>
    /// <param name="source">x.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    public static void Log(ReadOnlySpan<double> source, Span<double> destination) => Apply(UnaryOpcode.Log, source, destination);

    /// <summary>ln Γ(x) of each element.</summary>
    /// <param name="source">x, positive.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    public static void LogGamma(ReadOnlySpan<double> source, Span<double> destination) => Apply(UnaryOpcode.LogGamma, source, destination);

    /// <summary>ψ(x) = d ln Γ(x)/dx of each element.</summary>
    /// <param name="source">x, positive.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    public static void Digamma(ReadOnlySpan<double> source, Span<double> destination) => Apply(UnaryOpcode.Digamma, source, destination);

    /// <summary>ln Σ eˣ, shifted by the maximum so that nothing overflows; −∞ of an empty span or of all −∞.</summary>
    /// <param name="values">x.</param>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        double most = Maximum(values);
        if (!double.IsFinite(most)) return most;
        double sum = 0;
        foreach (double value in values) sum += Math.Exp(value - most);
        return most + Math.Log(sum);
    }

    /// <summary>Replaces log weights by weights that sum to 1, and returns ln Σ eˣ.</summary>
    /// <param name="values">x in, eˣ / Σ eˣ out; all zero where every x is −∞.</param>
    public static double NormalizeLogWeights(Span<double> values)
    {
        double most = Maximum(values);
        if (!double.IsFinite(most))
        {
            values.Clear();
            return most;
        }

        foreach (ref double value in values) value -= most;
        Exp(values, values);
        double sum = 0;
        foreach (double value in values) sum += value;
        double scale = 1 / sum;
        foreach (ref double value in values) value *= scale;
        return most + Math.Log(sum);
    }

    /// <summary>The index of the first NaN; −1 where there is none.</summary>
    /// <param name="values">x.</param>
    public static int IndexOfNaN(ReadOnlySpan<double> values)
    {
        int i = 0;
        for (; i + Vector256<double>.Count <= values.Length; i += Vector256<double>.Count)
        {
            Vector256<double> vector = Vector256.Create(values[i..]);
            if (!Vector256.EqualsAll(vector, vector)) break;
        }

        for (; i < values.Length; i++)
            if (double.IsNaN(values[i])) return i;
        return -1;
    }

    private static double Maximum(ReadOnlySpan<double> values)
    {
        double most = double.NegativeInfinity;
        // Math.Max lets a NaN through, so that it is seen and not hidden.
        foreach (double value in values) most = Math.Max(most, value);
        return most;
    }

    private static void Apply(UnaryOpcode opcode, ReadOnlySpan<double> source, Span<double> destination)
    {
        if (destination.Length < source.Length) throw new ArgumentException($"The destination has room for {destination.Length} values, and {source.Length} are needed.", nameof(destination));
        fixed (double* from = source, to = destination)
        {
            if (source.Length > 0) ElementwiseKernels<double>.Unary(opcode)(from, to, source.Length);
        }
    }
}
