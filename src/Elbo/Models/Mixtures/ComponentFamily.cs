using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// The K component densities p(x|k) of a mixture, with their parameters; immutable. What is common to all mixtures (weights, responsibilities,
/// the loop, restarts, streams, model choice) is in <see cref="MixtureModel"/> and in <c>Inference/MixtureEm.cs</c>.
/// </summary>
/// <remarks>
/// <para>To add a family: derive from this class. <see cref="LogDensities"/> says how likely rows are; <see cref="Accumulate"/> adds what the M-step needs
/// of them to a vector of sums, so that blocks, threads and streams can be added up; <see cref="Maximize"/> turns the sums into new parameters. All
/// three see missing values as NaN and must integrate them out, so that <see cref="LogDensities"/> is the marginal density of what is there.</para>
/// <para>Then derive a small model from <see cref="MixtureModel"/> with its <c>Load</c> and <c>Fit</c>; <c>GaussianMixture</c> is the example. A family that
/// covers some columns only, as in mixed data, is the same class over a block of those columns.</para>
/// </remarks>
public abstract class ComponentFamily
{
    /// <summary>Describes the components.</summary>
    /// <param name="components">K, at least 1.</param>
    /// <param name="columns">D, at least 1.</param>
    protected ComponentFamily(int components, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Components = components;
        Columns = columns;
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>D.</summary>
    public int Columns { get; }

    /// <summary>The free parameters of the components, without the weights.</summary>
    public abstract long FreeParameters { get; }

    /// <summary>The number of sums that <see cref="Accumulate"/> adds to.</summary>
    public abstract int StatisticsLength { get; }

    /// <summary>ln p(xₙ|k) in nats with every constant, of the values that are there; 0 for a row with none.</summary>
    /// <param name="rows">N rows.</param>
    /// <param name="result">Room for <c>[K, N]</c>.</param>
    public abstract void LogDensities(RowBlock rows, Span<double> result);

    /// <summary>Adds the expected sufficient statistics of rows.</summary>
    /// <param name="rows">N rows.</param>
    /// <param name="responsibilities">rₙₖ times the row's weight, <c>[K, N]</c>; 0 for rows with no value.</param>
    /// <param name="statistics">The sums, <c>[<see cref="StatisticsLength"/>]</c>.</param>
    public abstract void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics);

    /// <summary>The components that maximise the expected log density, or at least do not lower it: the M-step.</summary>
    /// <param name="counts">Σₙ rₙₖ, <c>[K]</c>. A component whose count is 0 keeps its parameters.</param>
    /// <param name="statistics">The sums of <see cref="Accumulate"/> over all rows.</param>
    /// <exception cref="ElboException">A component has no density any more, for instance a singular covariance; names the component and the remedies.</exception>
    public abstract ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics);

    /// <summary>Makes sums of <see cref="Accumulate"/> by this family into those of another, where they depend on the parameters, as sums about the means do.</summary>
    /// <param name="counts">Σₙ rₙₖ, <c>[K]</c>.</param>
    /// <param name="statistics">The sums, changed in place.</param>
    /// <param name="family">Later components of the same family.</param>
    public virtual void Recenter(ReadOnlySpan<double> counts, Span<double> statistics, ComponentFamily family)
    {
    }

    /// <summary>The length of <see cref="ToVector"/>; 0 for a family that squared steps pass by.</summary>
    public virtual int VectorLength => 0;

    /// <summary>The parameters as numbers without a scale, by which a squared step may guess ahead.</summary>
    /// <param name="vector">Room for <c>[<see cref="VectorLength"/>]</c>.</param>
    /// <param name="units">Components of the same family whose spread is the unit.</param>
    public virtual void ToVector(Span<double> vector, ComponentFamily units)
    {
    }

    /// <summary>Components of such numbers in the units of this family; null where they are out of range.</summary>
    /// <param name="vector">The numbers, <c>[<see cref="VectorLength"/>]</c>.</param>
    public virtual ComponentFamily? FromVector(ReadOnlySpan<double> vector) => null;

    /// <summary>E[x|what is there, k]: what is there stays, what is missing is filled in.</summary>
    /// <param name="component">k.</param>
    /// <param name="row">A row, <c>[D]</c>, NaN where missing; all NaN gives the component's mean.</param>
    /// <param name="result">Room for <c>[D]</c>.</param>
    public abstract void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result);

    /// <summary>A draw from p(x|what is there, k): what is there stays, what is missing is drawn.</summary>
    /// <param name="component">k.</param>
    /// <param name="row">A row, <c>[D]</c>, NaN where missing; all NaN draws a whole row.</param>
    /// <param name="random">Where the draw comes from.</param>
    /// <param name="result">Room for <c>[D]</c>.</param>
    public abstract void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result);

    /// <summary>
    /// Replaces the mean of what a row misses by values that the columns can take, where a mean is none: the most probable of categories. Nothing by default.
    /// </summary>
    /// <param name="shares">p(k|what is there), <c>[K]</c>.</param>
    /// <param name="row">A row, <c>[D]</c>, NaN where missing.</param>
    /// <param name="result">The row with means where it misses values, <c>[D]</c>; replaced there.</param>
    public virtual void Settle(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, Span<double> result)
    {
    }

    /// <summary>Throws unless each value that is there is one that the family can take. All finite values are, by default.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ElboException">One is not; names the row, the column and the value.</exception>
    public virtual void CheckRows(Observations rows)
    {
    }

    /// <summary>The parameters by name, as a model file holds them.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters { get; }

    /// <summary>Writes the choices beside the parameters, as members of an object.</summary>
    /// <param name="writer">Stands within an object.</param>
    public abstract void WriteDefinition(Utf8JsonWriter writer);

    /// <summary>Throws unless rows can be explained by this family: counts that are integers, classes that exist, columns that vary.</summary>
    /// <param name="summary">What the columns hold.</param>
    /// <param name="rows">The rows, for their names.</param>
    /// <exception cref="ElboException">They cannot; names the column.</exception>
    public virtual void CheckFit(ColumnSummary summary, Observations rows) => CheckRows(rows);

    /// <summary>What a person should know of the columns, as sentences with a blank before each; empty where there is nothing.</summary>
    /// <param name="summary">What the columns hold.</param>
    /// <param name="rows">The rows, for their names.</param>
    internal virtual string Remark(ColumnSummary summary, Observations rows) => "";

    /// <summary>What rows are compared by when centres to start from are placed: the columns, each of mean 0 and variance 1; categories differ or do not.</summary>
    /// <param name="sample">Rows, <c>[N, D]</c>, NaN where missing.</param>
    /// <param name="scaled">The same with mean 0 and variance 1 per column, 0 where missing.</param>
    internal virtual Matrix StartFeatures(Matrix sample, Matrix scaled) => scaled;
}
