using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>The double reductions by opcode and width.</summary>
internal static unsafe class DoubleReductionTable
{
    public static delegate*<double*, nint, double, double> Run(ReductionOpcode opcode, VectorWidth width) => opcode switch
    {
        ReductionOpcode.Sum => Run<SumReduction>(width),
        ReductionOpcode.SumOfSquares => Run<SumOfSquaresReduction>(width),
        ReductionOpcode.Maximum => Run<MaximumReduction>(width),
        ReductionOpcode.Minimum => Run<MinimumReduction>(width),
        ReductionOpcode.SumOfExponentials => Run<SumOfExponentialsReduction>(width),
        ReductionOpcode.SumOfSquaredDeviations => Run<SumOfSquaredDeviationsReduction>(width),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this reduction."),
    };

    public static delegate*<double*, int, int, nint, double*, void> Columns(ReductionOpcode opcode, VectorWidth width) => opcode switch
    {
        ReductionOpcode.Sum => Columns<SumReduction>(width),
        ReductionOpcode.SumOfSquares => Columns<SumOfSquaresReduction>(width),
        ReductionOpcode.Maximum => Columns<MaximumReduction>(width),
        ReductionOpcode.Minimum => Columns<MinimumReduction>(width),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this reduction of columns."),
    };

    private static delegate*<double*, nint, double, double> Run<TOperator>(VectorWidth width)
        where TOperator : struct, IReductionOperator<double> => width switch
        {
            VectorWidth.Vector512 => &RunReduction<TOperator, DoubleLanes512, Vector512<double>, ScalarDoubleLanes, double>.Run,
            VectorWidth.Vector256 => &RunReduction<TOperator, DoubleLanes256, Vector256<double>, ScalarDoubleLanes, double>.Run,
            VectorWidth.Vector128 => &RunReduction<TOperator, DoubleLanes128, Vector128<double>, ScalarDoubleLanes, double>.Run,
            _ => &RunReduction<TOperator, ScalarDoubleLanes, double, ScalarDoubleLanes, double>.Run,
        };

    private static delegate*<double*, int, int, nint, double*, void> Columns<TOperator>(VectorWidth width)
        where TOperator : struct, IReductionOperator<double> => width switch
        {
            VectorWidth.Vector512 => &Columns512<TOperator>,
            VectorWidth.Vector256 => &Columns256<TOperator>,
            VectorWidth.Vector128 => &Columns128<TOperator>,
            _ => &ColumnsScalar<TOperator>,
        };

    // Columns that do not fill a vector go to the next narrower width: a column's sum has the same order in all of them.
    private static void Columns512<TOperator>(double* source, int rows, int columns, nint stride, double* destination)
        where TOperator : struct, IReductionOperator<double>
    {
        int done = ColumnReduction<TOperator, DoubleLanes512, Vector512<double>, double>.Run(source, rows, columns, stride, destination);
        if (done < columns)
            Columns256<TOperator>(source + done, rows, columns - done, stride, destination + done);
    }

    private static void Columns256<TOperator>(double* source, int rows, int columns, nint stride, double* destination)
        where TOperator : struct, IReductionOperator<double>
    {
        int done = ColumnReduction<TOperator, DoubleLanes256, Vector256<double>, double>.Run(source, rows, columns, stride, destination);
        if (done < columns)
            Columns128<TOperator>(source + done, rows, columns - done, stride, destination + done);
    }

    private static void Columns128<TOperator>(double* source, int rows, int columns, nint stride, double* destination)
        where TOperator : struct, IReductionOperator<double>
    {
        int done = ColumnReduction<TOperator, DoubleLanes128, Vector128<double>, double>.Run(source, rows, columns, stride, destination);
        if (done < columns)
            ColumnsScalar<TOperator>(source + done, rows, columns - done, stride, destination + done);
    }

    private static void ColumnsScalar<TOperator>(double* source, int rows, int columns, nint stride, double* destination)
        where TOperator : struct, IReductionOperator<double> =>
        ColumnReduction<TOperator, ScalarDoubleLanes, double, double>.Run(source, rows, columns, stride, destination);
}
