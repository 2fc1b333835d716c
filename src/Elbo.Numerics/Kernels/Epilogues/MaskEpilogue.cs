using System.Numerics;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary><c>C = C ⊙ f′</c>, the gradient's way back through an activation, from the activation's saved value <c>y = f(x)</c>, which is the operand and laid out as C.</summary>
/// <remarks>relu: <c>y &gt; 0</c>; tanh: <c>1 − y²</c>; sigmoid: <c>y (1 − y)</c>.</remarks>
internal sealed unsafe class MaskEpilogue<T> : TileEpilogue<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly delegate*<T*, nint, int, int, T*, void> _loop;
    private readonly nint _batchStride;

    /// <param name="activation">The function whose derivative to multiply by.</param>
    /// <param name="batchStride">Distance of the matrices y of a batch, which is that of the matrices C.</param>
    /// <param name="width">The vector width; the machine's widest when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The derivative does not follow from the value of the function, or has no epilogue.</exception>
    public MaskEpilogue(UnaryOpcode activation, nint batchStride = 0, VectorWidth? width = null)
    {
        _batchStride = batchStride;
        var vectors = width ?? VectorWidths.Widest;
        _loop = activation switch
        {
            UnaryOpcode.Relu => Loop<ReluMaskOperator>(vectors),
            UnaryOpcode.Tanh => Loop<TanhMaskOperator>(vectors),
            UnaryOpcode.Sigmoid => Loop<SigmoidMaskOperator>(vectors),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no mask for this function; multiply by its derivative as an element-wise operation."),
        };
    }

    public override void Apply(T* c, nint stride, int row, int column, int rows, int columns, int batch) =>
        _loop(c, stride, rows, columns, Operand + batch * _batchStride + row * stride + column);

    private static delegate*<T*, nint, int, int, T*, void> Loop<TOperator>(VectorWidth width)
        where TOperator : struct, IBinaryOperator<float>, IBinaryOperator<double>
    {
        if (typeof(T) == typeof(float))
        {
            return (delegate*<T*, nint, int, int, T*, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)(delegate*<float*, nint, int, int, float*, void>)&MaskLoop<TOperator, SingleLanes512, Vector512<float>, float>.Run,
                VectorWidth.Vector256 => (void*)(delegate*<float*, nint, int, int, float*, void>)&MaskLoop<TOperator, SingleLanes256, Vector256<float>, float>.Run,
                VectorWidth.Vector128 => (void*)(delegate*<float*, nint, int, int, float*, void>)&MaskLoop<TOperator, SingleLanes128, Vector128<float>, float>.Run,
                _ => (void*)(delegate*<float*, nint, int, int, float*, void>)&MaskLoop<TOperator, ScalarSingleLanes, float, float>.Run,
            });
        }
        return (delegate*<T*, nint, int, int, T*, void>)(width switch
        {
            VectorWidth.Vector512 => (void*)(delegate*<double*, nint, int, int, double*, void>)&MaskLoop<TOperator, DoubleLanes512, Vector512<double>, double>.Run,
            VectorWidth.Vector256 => (void*)(delegate*<double*, nint, int, int, double*, void>)&MaskLoop<TOperator, DoubleLanes256, Vector256<double>, double>.Run,
            VectorWidth.Vector128 => (void*)(delegate*<double*, nint, int, int, double*, void>)&MaskLoop<TOperator, DoubleLanes128, Vector128<double>, double>.Run,
            _ => (void*)(delegate*<double*, nint, int, int, double*, void>)&MaskLoop<TOperator, ScalarDoubleLanes, double, double>.Run,
        });
    }
}
