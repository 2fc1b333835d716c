using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The float reductions by opcode and width.</summary>
internal static unsafe class SingleReductionTable
{
    public static delegate*<float*, nint, float, float> Run(ReductionOpcode opcode, VectorWidth width) => opcode switch
    {
        ReductionOpcode.Sum => Run<SumReduction>(width),
        ReductionOpcode.SumOfSquares => Run<SumOfSquaresReduction>(width),
        ReductionOpcode.Maximum => Run<MaximumReduction>(width),
        ReductionOpcode.Minimum => Run<MinimumReduction>(width),
        ReductionOpcode.SumOfExponentials => Run<SumOfExponentialsReduction>(width),
        ReductionOpcode.SumOfSquaredDeviations => Run<SumOfSquaredDeviationsReduction>(width),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this reduction."),
    };

    public static delegate*<float*, int, int, nint, float*, void> Columns(ReductionOpcode opcode, VectorWidth width) => opcode switch
    {
        ReductionOpcode.Sum => Columns<SumReduction>(width),
        ReductionOpcode.SumOfSquares => Columns<SumOfSquaresReduction>(width),
        ReductionOpcode.Maximum => Columns<MaximumReduction>(width),
        ReductionOpcode.Minimum => Columns<MinimumReduction>(width),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this reduction of columns."),
    };

    private static delegate*<float*, nint, float, float> Run<TOperator>(VectorWidth width)
        where TOperator : struct, IReductionOperator<float> => width switch
        {
            VectorWidth.Vector512 => &RunReduction<TOperator, SingleLanes512, Vector512<float>, ScalarSingleLanes, float>.Run,
            VectorWidth.Vector256 => &RunReduction<TOperator, SingleLanes256, Vector256<float>, ScalarSingleLanes, float>.Run,
            VectorWidth.Vector128 => &RunReduction<TOperator, SingleLanes128, Vector128<float>, ScalarSingleLanes, float>.Run,
            _ => &RunReduction<TOperator, ScalarSingleLanes, float, ScalarSingleLanes, float>.Run,
        };

    private static delegate*<float*, int, int, nint, float*, void> Columns<TOperator>(VectorWidth width)
        where TOperator : struct, IReductionOperator<float> => width switch
        {
            VectorWidth.Vector512 => &Columns512<TOperator>,
            VectorWidth.Vector256 => &Columns256<TOperator>,
            VectorWidth.Vector128 => &Columns128<TOperator>,
            _ => &ColumnsScalar<TOperator>,
        };

    // Columns that do not fill a vector go to the next narrower width: a column's sum has the same order in all of them.
    private static void Columns512<TOperator>(float* source, int rows, int columns, nint stride, float* destination)
        where TOperator : struct, IReductionOperator<float>
    {
        int done = ColumnReduction<TOperator, SingleLanes512, Vector512<float>, float>.Run(source, rows, columns, stride, destination);
        if (done < columns)
            Columns256<TOperator>(source + done, rows, columns - done, stride, destination + done);
    }

    private static void Columns256<TOperator>(float* source, int rows, int columns, nint stride, float* destination)
        where TOperator : struct, IReductionOperator<float>
    {
        int done = ColumnReduction<TOperator, SingleLanes256, Vector256<float>, float>.Run(source, rows, columns, stride, destination);
        if (done < columns)
            Columns128<TOperator>(source + done, rows, columns - done, stride, destination + done);
    }

    private static void Columns128<TOperator>(float* source, int rows, int columns, nint stride, float* destination)
        where TOperator : struct, IReductionOperator<float>
    {
        int done = ColumnReduction<TOperator, SingleLanes128, Vector128<float>, float>.Run(source, rows, columns, stride, destination);
        if (done < columns)
            ColumnsScalar<TOperator>(source + done, rows, columns - done, stride, destination + done);
    }

    private static void ColumnsScalar<TOperator>(float* source, int rows, int columns, nint stride, float* destination)
        where TOperator : struct, IReductionOperator<float> =>
        ColumnReduction<TOperator, ScalarSingleLanes, float, float>.Run(source, rows, columns, stride, destination);
}
