using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// The distribution of a row in each of several hidden states: the axis of a hidden Markov model on which families are added. Immutable; one
/// family per file. Missing values (NaN) are integrated out; a row of missing values alone has density 1 in every state.
/// </summary>
public abstract class Emission : IStateDensities
{
    private protected Emission(int count, int columns)
    {
        Count = count;
        Columns = columns;
        Stride = PaddedRows.Stride(count);
    }

    /// <summary>The family as <c>model.json</c> calls it: <c>gaussian-diagonal</c>, <c>poisson</c>, ….</summary>
    public abstract string Family { get; }

    /// <summary>The family in words: <c>Gaussian, diagonal covariance</c>.</summary>
    public abstract string Title { get; }

    /// <summary>The number of distributions: one per state, or fewer where states share them.</summary>
    public int Count { get; }

    /// <summary>D, the number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number of free parameters of all distributions.</summary>
    public abstract long FreeParameters { get; }

    /// <summary>The parameters by name; the first extent of each is <see cref="Count"/> unless they are shared.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters { get; }

    /// <summary>E[x] of each distribution, <c>[Count, D]</c>.</summary>
    public abstract Matrix Means { get; }

    /// <summary>ln p(x) of each row under each distribution, in nats with every constant, <c>[rows, Count]</c>.</summary>
    /// <param name="rows">The rows, NaN where missing.</param>
    /// <exception cref="ElboException">The rows have another number of columns, or values that the family cannot take.</exception>
    public Matrix LogDensities(Observations rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Check(rows);
        Matrix values = rows.ToMatrix(), result = new(values.Rows, Count);
        double[] padded = new double[(long)values.Rows * Stride];
        AddLogDensities(values.Values, padded);
        for (int t = 0; t < values.Rows; t++) padded.AsSpan(t * Stride, Count).CopyTo(result.Row(t));
        return result;
    }

    /// <summary>The length of a padded row with one value per distribution.</summary>
    internal int Stride { get; }

    /// <summary>How many sums <see cref="Maximize"/> needs.</summary>
    internal abstract int StatisticsLength { get; }

    /// <summary>ln p(x) of each row.</summary>
    /// <param name="rows"><c>[count, D]</c>, NaN where missing.</param>
    /// <param name="result"><c>[count, stride]</c>, zeros on entry; the padding receives finite numbers of no meaning.</param>
    internal abstract void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result);

    /// <summary>Adds weighted rows to the expected sufficient statistics.</summary>
    /// <param name="rows"><c>[count, D]</c>, NaN where missing.</param>
    /// <param name="weights"><c>[count, stride]</c>, 0 in the padding.</param>
    /// <param name="statistics">The sums, <see cref="StatisticsLength"/> of them; those of two sets of rows add.</param>
    internal abstract void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics);

    /// <summary>The distributions that maximise the expected log-likelihood; one without rows stays as it is.</summary>
    /// <param name="statistics">The sums.</param>
    /// <param name="prior">What is added to variances; pseudo-rows are among the sums already.</param>
    /// <exception cref="ElboException">A distribution has no density.</exception>
    internal abstract Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior);

    /// <summary>Adds the prior's pseudo-rows to the sums of each distribution.</summary>
    internal abstract void AddPseudoRows(Span<double> statistics, EmissionPrior prior);

    /// <summary>The expected log density of the pseudo-rows, without constants: what regularized fits maximise beside the likelihood.</summary>
    internal abstract double LogPrior(EmissionPrior prior);

    /// <summary>The statistics' total weight of each distribution, <c>[Count]</c>.</summary>
    internal abstract double Occupancy(ReadOnlySpan<double> statistics, int index);

    /// <summary>Throws unless rows have the right columns and values.</summary>
    internal virtual void Check(Observations rows)
    {
        if (rows.Columns != Columns)
            throw new ElboException($"The emissions expect rows of {Columns} columns, and '{rows.Name}' has {rows.Columns}; give the columns that the model was fitted on.");
    }

    /// <summary>Fills the missing values of a row with their means given the others.</summary>
    internal abstract void FillMean(int index, Span<double> row);

    /// <summary>Replaces the mean of what a row misses by values that the columns can take, where a mean is none. Nothing by default.</summary>
    /// <param name="shares">The probability of each distribution, <c>[Count]</c>.</param>
    /// <param name="row">NaN where missing.</param>
    /// <param name="result">The means; replaced where the row misses a value.</param>
    internal virtual void Settle(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, Span<double> result)
    {
    }

    /// <summary>Fills the missing values of a row with a draw given the others.</summary>
    internal abstract void FillDraw(int index, Span<double> row, RandomStream random);

    /// <summary>Writes what <see cref="EmissionFamilies"/> needs beside the parameters, as properties.</summary>
    internal virtual void WriteDefinition(Utf8JsonWriter writer)
    {
    }

    /// <summary>Whether any value of a row is missing, and whether any is there.</summary>
    private protected static (bool Any, bool All) Missing(ReadOnlySpan<double> row)
    {
        int missing = 0;
        foreach (double value in row)
            if (double.IsNaN(value)) missing++;
        return (missing > 0, missing == row.Length);
    }

    /// <summary>The length of the run of complete rows at the start of some rows.</summary>
    private protected int CompleteRows(ReadOnlySpan<double> rows)
    {
        int at = VectorMath.IndexOfNaN(rows);
        return (at < 0 ? rows.Length : at) / Columns;
    }

    /// <summary>Adds pseudo-rows as rows: for families whose log density is at most quadratic in a row.</summary>
    private protected void AddSigmaRows(Span<double> statistics, EmissionPrior prior)
    {
        double[] rows = prior.SigmaRows(), weights = new double[2 * Columns * Stride];
        for (int i = 0; i < 2 * Columns; i++) weights.AsSpan(i * Stride, Count).Fill(prior.PseudoRows / (2 * Columns));
        Accumulate(rows, weights, statistics);
    }

    /// <summary>The expected log density of the rows that <see cref="AddSigmaRows"/> adds.</summary>
    private protected double SigmaRowsLogDensity(EmissionPrior prior)
    {
        if (prior.PseudoRows == 0) return 0;
        double[] densities = new double[2 * Columns * Stride];
        AddLogDensities(prior.SigmaRows(), densities);
        double sum = 0;
        for (int i = 0; i < 2 * Columns; i++)
            for (int k = 0; k < Count; k++) sum += densities[i * Stride + k];
        return sum * prior.PseudoRows / (2 * Columns);
    }

    private protected static KeyValuePair<string, NumericArray> Named(string name, Matrix values) => new(name, NumericArray.From<double>(values.Values, values.Rows, values.Columns));

    int IStateDensities.Stride => Stride;

    int IStateDensities.StatisticsLength => StatisticsLength;

    void IStateDensities.AddLogDensities(ReadOnlySpan<double> rows, Span<double> result) => AddLogDensities(rows, result);

    void IStateDensities.Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics) => Accumulate(rows, weights, statistics);
}
