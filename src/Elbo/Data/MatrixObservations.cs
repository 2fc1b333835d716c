using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>Rows that lie in memory as doubles.</summary>
internal sealed class MatrixObservations : Observations
{
    private readonly Matrix values;
    private readonly double[]? weights;

    public MatrixObservations(string name, Matrix values, IReadOnlyList<string>? columnNames, double[]? weights, IReadOnlyList<int>? sequenceLengths, int[]? lines = null)
        : base(name, values.Rows, values.Columns, columnNames, sequenceLengths)
    {
        this.values = values;
        this.weights = weights;
        Lines = lines;
        for (int i = 0; i < values.Rows; i++)
        {
            ReadOnlySpan<double> row = values.Row(i);
            for (int j = 0; j < row.Length; j++)
            {
                CheckValue(i, j, row[j]);
                MayHaveMissing |= double.IsNaN(row[j]);
            }
        }

        if (weights is null) return;
        if (weights.Length != values.Rows) throw new ElboException($"{weights.Length} weights were given for the {values.Rows} rows of '{name}'; give one for each.");
        for (int i = 0; i < weights.Length; i++)
            if (!(weights[i] >= 0) || double.IsInfinity(weights[i])) throw new ElboException($"The weight of row {i} of '{name}' is {weights[i]}; weights are finite and not negative.");
        if (!(TotalWeight > 0)) throw new ElboException($"All weights of '{name}' are 0; give at least one row a positive weight.");
    }

    public override ReadOnlySpan<double> Weights => weights;

    internal override int[]? Lines { get; }

    public override bool MayHaveMissing { get; }

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> buffer) =>
        values.Values.Slice(checked((int)(first * Columns)), checked(count * Columns));
}
