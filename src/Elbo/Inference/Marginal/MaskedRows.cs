using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>Rows as constants of a graph: the values with 0 where missing, and 1 where there is a value.</summary>
internal sealed class MaskedRows
{
    public MaskedRows(Observations rows)
    {
        Matrix values = rows.ToMatrix();
        double[] mask = new double[values.Values.Length];
        for (int i = 0; i < mask.Length; i++)
        {
            bool there = !double.IsNaN(values.Values[i]);
            mask[i] = there ? 1 : 0;
            if (!there) values.Values[i] = 0;
            Missing |= !there;
        }

        Count = values.Rows;
        Columns = values.Columns;
        Values = Tensor.Constant([Count, Columns], values.Values);
        Mask = Tensor.Constant([Count, Columns], mask);
        Weights = rows.Weights.ToArray();
    }

    public int Count { get; }

    public int Columns { get; }

    public bool Missing { get; }

    /// <summary><c>[N, D]</c>.</summary>
    public Tensor Values { get; }

    /// <summary><c>[N, D]</c>.</summary>
    public Tensor Mask { get; }

    public double[] Weights { get; }

    /// <summary>
    /// ln N(x; μ, Σ) of what each row has, <c>[N]</c>. A row's covariance with the rows and columns of missing values replaced by those of the identity
    /// has the determinant and the quadratic form of the part that is there.
    /// </summary>
    /// <param name="mean">μ, <c>[D]</c>.</param>
    /// <param name="covariance">Σ, <c>[D, D]</c>.</param>
    public Tensor LogNormal(Tensor mean, Tensor covariance)
    {
        double logTwoPi = Math.Log(2 * Math.PI);
        if (!Missing)
        {
            Tensor lower = covariance.Cholesky(), solved = lower.TriangularSolve((Values - mean).TransposeLast());
            return -0.5 * (solved.Square().Sum(0) + Columns * logTwoPi) - lower.Diagonal().Log().Sum();
        }

        Tensor rows = Mask.Reshape([Count, Columns, 1]), both = rows * Mask.Reshape([Count, 1, Columns]);
        Tensor own = (both * covariance + (1 - Mask).DiagonalMatrix()).Cholesky();
        Tensor centred = (Mask * (Values - mean)).Reshape([Count, Columns, 1]);
        return -0.5 * (own.TriangularSolve(centred).Square().Sum([1, 2]) + Mask.Sum(1) * logTwoPi) - own.Diagonal().Log().Sum(1);
    }
}
