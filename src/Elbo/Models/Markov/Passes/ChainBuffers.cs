using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The memory of the passes over one batch: padded rows, one value per state.</summary>
/// <param name="stride">The length of a padded row.</param>
internal sealed class ChainBuffers(int stride)
{
    public int Stride => stride;

    /// <summary>The emission of each row: log densities, and once prepared what the arithmetic makes of them.</summary>
    public double[] Weights { get; private set; } = [];

    /// <summary>What the forward pass leaves.</summary>
    public double[] Forward { get; private set; } = [];

    /// <summary>What the backward pass leaves.</summary>
    public double[] Backward { get; private set; } = [];

    /// <summary>What was taken from the log densities of each row.</summary>
    public double[] Shifts { get; private set; } = [];

    /// <summary>The scale of each step forward.</summary>
    public double[] ForwardScales { get; private set; } = [];

    /// <summary>The scale of each step backward.</summary>
    public double[] BackwardScales { get; private set; } = [];

    /// <summary>Whether a row is impossible: its probability given the rows before it is 0, and it is passed over as if it were missing.</summary>
    public bool[] Impossible { get; private set; } = [];

    /// <summary>Whether the transitions into the row behind must be added one by one.</summary>
    public bool[] Apart { get; private set; } = [];

    public void Reserve(int rows)
    {
        Array.Clear(Impossible);
        if (Shifts.Length >= rows) return;
        if ((long)rows * stride > Array.MaxLength) throw new ElboException($"A sequence of {rows} rows needs {stride} numbers for each, more than one array can hold; cut it into shorter sequences.");
        Weights = new double[rows * stride];
        Forward = new double[rows * stride];
        Backward = new double[rows * stride];
        Shifts = new double[rows];
        ForwardScales = new double[rows];
        BackwardScales = new double[rows];
        Impossible = new bool[rows];
        Apart = new bool[rows];
    }
}
