using System.Numerics;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>Which index of C a bias follows: columns for a dense layer, rows (channels) for a convolution.</summary>
internal enum BiasAxis
{
    Columns,
    Rows,
}

/// <summary><c>C = f(C + bias)</c>: the rest of a layer, done while the tile is in the first-level cache. The operand is the bias, one value for each column or row of C.</summary>
/// <remarks>Rounds as the separate passes do, first the addition and then the function.</remarks>
internal sealed unsafe class ActivationEpilogue<T> : TileEpilogue<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly delegate*<T*, nint, int, int, T*, void> _loop;
    private readonly BiasAxis _axis;

    /// <param name="activation">The function; null for none.</param>
    /// <param name="axis">The index that the bias follows.</param>
    /// <param name="width">The vector width; the machine's widest when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no epilogue for the function.</exception>
    public ActivationEpilogue(UnaryOpcode? activation, BiasAxis axis, VectorWidth? width = null)
    {
        _axis = axis;
        var vectors = width ?? VectorWidths.Widest;
        _loop = activation switch
        {
            null => Loop<IdentityOperator>(vectors),
            UnaryOpcode.Relu => Loop<ReluOperator>(vectors),
            UnaryOpcode.Tanh => Loop<TanhOperator>(vectors),
            UnaryOpcode.Sigmoid => Loop<SigmoidOperator>(vectors),
            UnaryOpcode.Softplus => Loop<SoftplusOperator>(vectors),
            UnaryOpcode.Exp => Loop<ExpOperator>(vectors),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no epilogue for this function; apply it as an element-wise operation."),
        };
    }

    public override void Apply(T* c, nint stride, int row, int column, int rows, int columns, int batch) =>
        _loop(c, stride, rows, columns, Operand + (_axis == BiasAxis.Columns ? column : row));

    private delegate*<T*, nint, int, int, T*, void> Loop<TOperator>(VectorWidth width)
        where TOperator : struct, IUnaryOperator<float>, IUnaryOperator<double>
    {
        if (typeof(T) == typeof(float))
        {
            return (delegate*<T*, nint, int, int, T*, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)Loop<TOperator, SingleLanes512, Vector512<float>, float>(),
                VectorWidth.Vector256 => (void*)Loop<TOperator, SingleLanes256, Vector256<float>, float>(),
                VectorWidth.Vector128 => (void*)Loop<TOperator, SingleLanes128, Vector128<float>, float>(),
                _ => (void*)Loop<TOperator, ScalarSingleLanes, float, float>(),
            });
        }
        return (delegate*<T*, nint, int, int, T*, void>)(width switch
        {
            VectorWidth.Vector512 => (void*)Loop<TOperator, DoubleLanes512, Vector512<double>, double>(),
            VectorWidth.Vector256 => (void*)Loop<TOperator, DoubleLanes256, Vector256<double>, double>(),
            VectorWidth.Vector128 => (void*)Loop<TOperator, DoubleLanes128, Vector128<double>, double>(),
            _ => (void*)Loop<TOperator, ScalarDoubleLanes, double, double>(),
        });
    }

    private delegate*<TElement*, nint, int, int, TElement*, void> Loop<TOperator, TLanes, TVector, TElement>()
        where TOperator : struct, IUnaryOperator<TElement>
        where TLanes : struct, IElementLanes<TVector, TElement>
        where TVector : unmanaged
        where TElement : unmanaged =>
        _axis == BiasAxis.Columns
            ? &ActivationLoop<TOperator, TLanes, TVector, TElement>.BiasOfColumns
            : &ActivationLoop<TOperator, TLanes, TVector, TElement>.BiasOfRows;
}
