using System.Numerics;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Element-wise loops by opcode, as function pointers over raw buffers: what the tile evaluator calls. Source and destination
/// may be the same buffer; they must not overlap in part. No alignment is needed, and an element's value does not depend on
/// its position, on the length of the run or on the vector width.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static unsafe class ElementwiseKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A loop <c>(source, destination, count)</c>.</summary>
    public static delegate*<T*, T*, int, void> Unary(UnaryOpcode opcode) => Unary(opcode, VectorWidths.Widest);

    /// <summary>A loop <c>(left, right, destination, count)</c>; the scalar operand, if any, points to one value.</summary>
    public static delegate*<T*, T*, T*, int, void> Binary(BinaryOpcode opcode, BinaryOperands operands = BinaryOperands.VectorVector) =>
        Binary(opcode, operands, VectorWidths.Widest);

    /// <summary>A loop <c>(a, b, c, destination, count, scalars)</c>: bit k of <c>scalars</c> says that operand k points to one value.</summary>
    public static delegate*<T*, T*, T*, T*, int, int, void> Ternary(TernaryOpcode opcode) => Ternary(opcode, VectorWidths.Widest);

    /// <summary>The loop of a forced width, for tests.</summary>
    internal static delegate*<T*, T*, int, void> Unary(UnaryOpcode opcode, VectorWidth width)
    {
        if (typeof(T) == typeof(float))
        {
            return (delegate*<T*, T*, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)SingleElementwiseTable<SingleLanes512, Vector512<float>, DoubleLanes512, Vector512<double>>.Unary(opcode),
                VectorWidth.Vector256 => (void*)SingleElementwiseTable<SingleLanes256, Vector256<float>, DoubleLanes256, Vector256<double>>.Unary(opcode),
                VectorWidth.Vector128 => (void*)SingleElementwiseTable<SingleLanes128, Vector128<float>, DoubleLanes128, Vector128<double>>.Unary(opcode),
                _ => (void*)SingleElementwiseTable<ScalarSingleLanes, float, ScalarDoubleLanes, double>.Unary(opcode),
            });
        }

        if (typeof(T) == typeof(double))
        {
            return (delegate*<T*, T*, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)DoubleElementwiseTable<DoubleLanes512, Vector512<double>>.Unary(opcode),
                VectorWidth.Vector256 => (void*)DoubleElementwiseTable<DoubleLanes256, Vector256<double>>.Unary(opcode),
                VectorWidth.Vector128 => (void*)DoubleElementwiseTable<DoubleLanes128, Vector128<double>>.Unary(opcode),
                _ => (void*)DoubleElementwiseTable<ScalarDoubleLanes, double>.Unary(opcode),
            });
        }

        throw UnsupportedElementType();
    }

    /// <summary>The loop of a forced width, for tests.</summary>
    internal static delegate*<T*, T*, T*, int, void> Binary(BinaryOpcode opcode, BinaryOperands operands, VectorWidth width)
    {
        if (typeof(T) == typeof(float))
        {
            return (delegate*<T*, T*, T*, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)SingleElementwiseTable<SingleLanes512, Vector512<float>, DoubleLanes512, Vector512<double>>.Binary(opcode, operands),
                VectorWidth.Vector256 => (void*)SingleElementwiseTable<SingleLanes256, Vector256<float>, DoubleLanes256, Vector256<double>>.Binary(opcode, operands),
                VectorWidth.Vector128 => (void*)SingleElementwiseTable<SingleLanes128, Vector128<float>, DoubleLanes128, Vector128<double>>.Binary(opcode, operands),
                _ => (void*)SingleElementwiseTable<ScalarSingleLanes, float, ScalarDoubleLanes, double>.Binary(opcode, operands),
            });
        }

        if (typeof(T) == typeof(double))
        {
            return (delegate*<T*, T*, T*, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)DoubleElementwiseTable<DoubleLanes512, Vector512<double>>.Binary(opcode, operands),
                VectorWidth.Vector256 => (void*)DoubleElementwiseTable<DoubleLanes256, Vector256<double>>.Binary(opcode, operands),
                VectorWidth.Vector128 => (void*)DoubleElementwiseTable<DoubleLanes128, Vector128<double>>.Binary(opcode, operands),
                _ => (void*)DoubleElementwiseTable<ScalarDoubleLanes, double>.Binary(opcode, operands),
            });
        }

        throw UnsupportedElementType();
    }

    /// <summary>The loop of a forced width, for tests.</summary>
    internal static delegate*<T*, T*, T*, T*, int, int, void> Ternary(TernaryOpcode opcode, VectorWidth width)
    {
        if (typeof(T) == typeof(float))
        {
            return (delegate*<T*, T*, T*, T*, int, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)SingleElementwiseTable<SingleLanes512, Vector512<float>, DoubleLanes512, Vector512<double>>.Ternary(opcode),
                VectorWidth.Vector256 => (void*)SingleElementwiseTable<SingleLanes256, Vector256<float>, DoubleLanes256, Vector256<double>>.Ternary(opcode),
                VectorWidth.Vector128 => (void*)SingleElementwiseTable<SingleLanes128, Vector128<float>, DoubleLanes128, Vector128<double>>.Ternary(opcode),
                _ => (void*)SingleElementwiseTable<ScalarSingleLanes, float, ScalarDoubleLanes, double>.Ternary(opcode),
            });
        }

        if (typeof(T) == typeof(double))
        {
            return (delegate*<T*, T*, T*, T*, int, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)DoubleElementwiseTable<DoubleLanes512, Vector512<double>>.Ternary(opcode),
                VectorWidth.Vector256 => (void*)DoubleElementwiseTable<DoubleLanes256, Vector256<double>>.Ternary(opcode),
                VectorWidth.Vector128 => (void*)DoubleElementwiseTable<DoubleLanes128, Vector128<double>>.Ternary(opcode),
                _ => (void*)DoubleElementwiseTable<ScalarDoubleLanes, double>.Ternary(opcode),
            });
        }

        throw UnsupportedElementType();
    }

    private static NotSupportedException UnsupportedElementType() =>
        new($"Element-wise kernels exist for float and double, not for {typeof(T)}. Convert the tensor first.");
}
