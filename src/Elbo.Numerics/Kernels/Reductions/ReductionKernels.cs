using System.Numerics;

namespace Elbo.Numerics;

/// <summary>
/// Sums, extrema and what is made of them, over contiguous runs and over the columns of row-major matrices. The order of every
/// reduction is fixed by the counts alone: see <see cref="RunReduction{TOperator, TLanes, TVector, TScalarLanes, T}"/> and
/// <see cref="ColumnReduction{TOperator, TLanes, TVector, T}"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static unsafe class ReductionKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A loop <c>(source, count, parameter)</c> over a contiguous run.</summary>
    public static delegate*<T*, nint, T, T> Run(ReductionOpcode opcode) => Run(opcode, VectorWidths.Widest);

    /// <summary>
    /// A loop <c>(source, rows, columns, stride, destination)</c> that writes one value per column; rows lie <c>stride</c> elements
    /// apart. No rows give the reduction of nothing.
    /// </summary>
    public static delegate*<T*, int, int, nint, T*, void> Columns(ReductionOpcode opcode) => Columns(opcode, VectorWidths.Widest);

    /// <summary>The loop of a forced width, for tests.</summary>
    internal static delegate*<T*, nint, T, T> Run(ReductionOpcode opcode, VectorWidth width) =>
        typeof(T) == typeof(float) ? (delegate*<T*, nint, T, T>)(void*)SingleReductionTable.Run(opcode, width)
        : (delegate*<T*, nint, T, T>)(void*)DoubleReductionTable.Run(opcode, width);

    /// <summary>The loop of a forced width, for tests.</summary>
    internal static delegate*<T*, int, int, nint, T*, void> Columns(ReductionOpcode opcode, VectorWidth width) =>
        typeof(T) == typeof(float) ? (delegate*<T*, int, int, nint, T*, void>)(void*)SingleReductionTable.Columns(opcode, width)
        : (delegate*<T*, int, int, nint, T*, void>)(void*)DoubleReductionTable.Columns(opcode, width);

    // Looked up once: plans call these for runs of a few elements.
    private static readonly delegate*<T*, nint, T, T> s_sum = Run(ReductionOpcode.Sum);
    private static readonly delegate*<T*, nint, T, T> s_maximum = Run(ReductionOpcode.Maximum);

    /// <summary>Σ x; 0 for no elements.</summary>
    public static T Sum(T* source, nint count) => s_sum(source, count, T.Zero);

    /// <summary>Σ x²; 0 for no elements.</summary>
    public static T SumOfSquares(T* source, nint count) => Run(ReductionOpcode.SumOfSquares)(source, count, T.Zero);

    /// <summary>max x; −∞ for no elements, NaN if any element is NaN.</summary>
    public static T Maximum(T* source, nint count) => s_maximum(source, count, T.Zero);

    /// <summary>min x; ∞ for no elements, NaN if any element is NaN.</summary>
    public static T Minimum(T* source, nint count) => Run(ReductionOpcode.Minimum)(source, count, T.Zero);

    /// <summary>log Σ e^x = m + log Σ e^(x − m) with m the maximum; −∞ for no elements or if all are −∞, ∞ if any is ∞.</summary>
    public static T LogSumExp(T* source, nint count)
    {
        T maximum = Maximum(source, count);
        if (!T.IsFinite(maximum))
            return maximum;
        T sum = Run(ReductionOpcode.SumOfExponentials)(source, count, maximum);
        ElementwiseKernels<T>.Unary(UnaryOpcode.Log)(&sum, &sum, 1);
        return maximum + sum;
    }

    /// <summary>The first position of the maximum, or of a NaN if there is one; −1 for no elements.</summary>
    public static nint ArgMax(T* source, nint count)
    {
        T maximum = Maximum(source, count);
        for (nint i = 0; i < count; i++)
        {
            if (source[i] == maximum || T.IsNaN(source[i]))
                return i;
        }

        return -1;
    }

    /// <summary>Each row's e^(x − m) / Σ e^(x − m) with m the row's maximum; in place if source and destination are the same.</summary>
    public static void Softmax(T* source, T* destination, int rows, int columns)
    {
        var maximum = Run(ReductionOpcode.Maximum);
        var sum = Run(ReductionOpcode.Sum);
        var subtract = ElementwiseKernels<T>.Binary(BinaryOpcode.Subtract, BinaryOperands.VectorScalar);
        var exp = ElementwiseKernels<T>.Unary(UnaryOpcode.Exp);
        var divide = ElementwiseKernels<T>.Binary(BinaryOpcode.Divide, BinaryOperands.VectorScalar);
        for (int row = 0; row < rows; row++)
        {
            T shift = maximum(source, columns, T.Zero);
            subtract(source, &shift, destination, columns);
            exp(destination, destination, columns);
            T total = sum(destination, columns, T.Zero);
            divide(destination, &total, destination, columns);
            source += columns;
            destination += columns;
        }
    }

    /// <summary>Each row's x − log Σ e^x; in place if source and destination are the same.</summary>
    public static void LogSoftmax(T* source, T* destination, int rows, int columns)
    {
        var subtract = ElementwiseKernels<T>.Binary(BinaryOpcode.Subtract, BinaryOperands.VectorScalar);
        for (int row = 0; row < rows; row++)
        {
            T shift = LogSumExp(source, columns);
            subtract(source, &shift, destination, columns);
            source += columns;
            destination += columns;
        }
    }
}
