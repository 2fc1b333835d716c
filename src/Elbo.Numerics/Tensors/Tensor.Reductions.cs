namespace Elbo.Numerics;

// Reductions and what is composed of them.
public sealed partial class Tensor
{
    /// <summary>The sum of all elements: a scalar.</summary>
    public Tensor Sum() => Reduce(ReduceKind.Sum, AllAxes(), false);

    /// <summary>The sum along one axis, which disappears, or stays with extent 1.</summary>
    public Tensor Sum(int axis, bool keepDimension = false) => Reduce(ReduceKind.Sum, [axis], keepDimension);

    /// <summary>The sum along several axes, which disappear, or stay with extent 1.</summary>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepDimensions = false) => Reduce(ReduceKind.Sum, axes, keepDimensions);

    /// <summary>The mean of all elements: a scalar.</summary>
    public Tensor Mean() => Sum() * (1.0 / Shape.ElementCount);

    /// <summary>The mean along one axis.</summary>
    public Tensor Mean(int axis, bool keepDimension = false) => Sum(axis, keepDimension) * (1.0 / Shape[axis]);

    /// <summary>The mean along several axes.</summary>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepDimensions = false)
    {
        double count = 1;
        foreach (int axis in axes) count *= Shape[axis];
        return Sum(axes, keepDimensions) * (1 / count);
    }

    /// <summary>The largest element along one axis; ties share the gradient equally.</summary>
    public Tensor Max(int axis, bool keepDimension = false) => Reduce(ReduceKind.Maximum, [axis], keepDimension);

    /// <summary>The largest of all elements: a scalar.</summary>
    public Tensor Max() => Reduce(ReduceKind.Maximum, AllAxes(), false);

    /// <summary>ln Σ eˣ along one axis, shifted by the maximum so that nothing overflows.</summary>
    public Tensor LogSumExp(int axis, bool keepDimension = false)
    {
        Tensor shift = Max(axis, true).StopGradient();
        // Where all are −∞ the shift would give −∞ − (−∞); a shift of 0 there keeps the answer −∞.
        shift = Where(shift.Greater(double.MinValue), shift, 0.0);
        Tensor result = (this - shift).Exp().Sum(axis, true).Log() + shift;
        return keepDimension ? result : result.Reshape(Without(axis));
    }

    /// <summary>eˣ / Σ eˣ along one axis, shifted by the maximum.</summary>
    public Tensor Softmax(int axis = -1)
    {
        Tensor exponentials = (this - Max(axis, true).StopGradient()).Exp();
        return exponentials / exponentials.Sum(axis, true);
    }

    /// <summary>x − ln Σ eˣ along one axis.</summary>
    public Tensor LogSoftmax(int axis = -1) => this - LogSumExp(axis, true);

    /// <summary>(x − mean)/√(variance + epsilon) along the given axes, with the biased variance: the core of batch and layer normalisation.</summary>
    public Tensor Normalize(ReadOnlySpan<int> axes, double epsilon = 1e-5)
    {
        Tensor centred = this - Mean(axes, true);
        return centred * (centred.Square().Mean(axes, true) + epsilon).ReciprocalSqrt();
    }

    private int[] AllAxes() => [.. Enumerable.Range(0, Shape.Rank)];

    private Shape Without(int axis)
    {
        List<int> extents = [.. Shape];
        extents.RemoveAt(Shape.Axis(axis));
        return Shape.Create([.. extents]);
    }

    private Tensor Reduce(ReduceKind kind, ReadOnlySpan<int> axes, bool keepDimensions)
    {
        int[] sorted = new int[axes.Length];
        for (int i = 0; i < sorted.Length; i++) sorted[i] = Shape.Axis(axes[i]);
        Array.Sort(sorted);
        for (int i = 1; i < sorted.Length; i++)
            if (sorted[i] == sorted[i - 1]) throw new ArgumentException($"Axis {sorted[i]} is named twice.", nameof(axes));
        Tensor reduced = sorted.Length == 0 ? this : Create(new ReduceOperation(kind, IntList.Create(sorted)), this);
        if (keepDimensions) return reduced;
        return reduced.Reshape(Shape.Create([.. Enumerable.Range(0, Shape.Rank).Except(sorted).Select(axis => Shape[axis])]));
    }
}
