using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Checks given parameters of components.</summary>
internal static class ParameterRange
{
    public static void Check(Matrix matrix, string name, Func<double, bool> valid, string range)
    {
        if (matrix.Rows < 1 || matrix.Columns < 1) throw new ElboException($"The parameters have the shape [{matrix.Rows}, {matrix.Columns}]; at least one component and one column are needed.");
        for (int k = 0; k < matrix.Rows; k++)
            for (int j = 0; j < matrix.Columns; j++)
                if (!valid(matrix[k, j])) throw new ElboException(FormattableString.Invariant($"The {name} of column {j} in component {k} is {matrix[k, j]}; it must be {range}."));
    }
}
