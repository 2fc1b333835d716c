using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K products of categorical distributions, p(x|k) = Πⱼ pₖⱼ(xⱼ).</summary>
/// <remarks>A missing value drops out of the product: given the component, columns know nothing of each other.</remarks>
internal sealed class CategoricalComponents : ComponentFamily
{
    private readonly Matrix probabilities;
    private readonly double[] logs;

    private CategoricalComponents(CategoryLevels levels, Matrix probabilities, double regularization)
        : base(probabilities.Rows, levels.Columns)
    {
        Levels = levels;
        this.probabilities = probabilities;
        Regularization = regularization;
        // The components of a level side by side, so that a value adds one short vector.
        logs = new double[levels.Total * Components];
        for (int k = 0; k < Components; k++)
            for (int l = 0; l < levels.Total; l++) logs[l * Components + k] = Math.Log(probabilities[k, l]);
    }

    public CategoryLevels Levels { get; }

    public double Regularization { get; }

    /// <summary>The probabilities of the levels of one column after another, <c>[K, Σ L]</c>.</summary>
    public Matrix Probabilities => probabilities;

    public override long FreeParameters => (long)Components * (Levels.Total - Columns);

    public override int StatisticsLength => checked(Levels.Total * Components);

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [new("probabilities", NumericArray.From<double>(probabilities.Values, Components, Levels.Total))];

    /// <summary>Checks given probabilities, and keeps them from 0.</summary>
    public static CategoricalComponents Create(CategoryLevels levels, Matrix probabilities, double regularization)
    {
        RegularizationRange.Check(regularization, levels.Most);
        if (probabilities.Columns != levels.Total) throw new ElboException($"Probabilities were given for {probabilities.Columns} levels, and the columns have {levels.Total} together; give one for each.");
        ParameterRange.Check(probabilities, "probability of a level", static value => value is >= 0 and <= 1, "from 0 to 1");
        Matrix kept = probabilities.Clone();
        for (int k = 0; k < kept.Rows; k++)
        {
            for (int j = 0; j < levels.Columns; j++)
            {
                Span<double> column = kept.Row(k).Slice(levels.Offset(j), levels.Values(j).Length);
                double sum = 0;
                foreach (double value in column) sum += value;
                if (!(Math.Abs(sum - 1) <= EmissionChecks.SumTolerance)) throw new ElboException(FormattableString.Invariant($"The probabilities of column {j} in component {k} sum to {sum}; they must sum to 1."));
                if (LeastOf(column) < regularization) Estimate(column.ToArray(), regularization, column);
            }
        }

        return new CategoricalComponents(levels, kept, regularization);
    }

    public static CategoricalComponents Load(JsonElement definition, int components, int columns, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        CategoryLevels levels = CategoryLevels.Read(definition, columns);
        return Create(levels, new Matrix(components, levels.Total, MixtureDefinition.Values(parameters, "probabilities", components, levels.Total)), MixtureDefinition.Number(definition, "regularization"));
    }

    public static CategoricalComponents Neutral(int components, double regularization, CategoryLevels levels)
    {
        Matrix probabilities = new(components, levels.Total);
        for (int k = 0; k < components; k++)
            for (int j = 0; j < levels.Columns; j++) probabilities.Row(k).Slice(levels.Offset(j), levels.Values(j).Length).Fill(1.0 / levels.Values(j).Length);
        return Create(levels, probabilities, regularization);
    }

    public override void WriteDefinition(Utf8JsonWriter writer)
    {
        writer.WriteNumber("regularization", Regularization);
        Levels.Write(writer);
    }

    public override void CheckRows(Observations rows) => Levels.CheckRows(rows);

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        Span<double> sums = new double[Components];
        for (int n = 0; n < rows.Count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            sums.Clear();
            for (int j = 0; j < row.Length; j++)
            {
                if (double.IsNaN(row[j])) continue;
                ReadOnlySpan<double> terms = logs.AsSpan(Index(j, row[j]) * Components, Components);
                for (int k = 0; k < terms.Length; k++) sums[k] += terms[k];
            }

            for (int k = 0; k < sums.Length; k++) result[k * rows.Count + n] = sums[k];
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        Span<double> shares = new double[Components];
        for (int n = 0; n < rows.Count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            for (int k = 0; k < shares.Length; k++) shares[k] = responsibilities[k * rows.Count + n];
            for (int j = 0; j < row.Length; j++)
            {
                if (double.IsNaN(row[j])) continue;
                Span<double> sums = statistics.Slice(Index(j, row[j]) * Components, Components);
                for (int k = 0; k < sums.Length; k++) sums[k] += shares[k];
            }
        }
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        Matrix updated = probabilities.Clone();
        double[] sums = new double[Levels.Most];
        for (int k = 0; k < Components; k++)
        {
            for (int j = 0; j < Columns; j++)
            {
                Span<double> column = sums.AsSpan(0, Levels.Values(j).Length);
                for (int l = 0; l < column.Length; l++) column[l] = statistics[(Levels.Offset(j) + l) * Components + k];
                Estimate(column, Regularization, updated.Row(k).Slice(Levels.Offset(j), column.Length));
            }
        }

        return new CategoricalComponents(Levels, updated, Regularization);
    }

    public override int VectorLength => logs.Length;

    /// <summary>Log probabilities, which have no ends; those of a column are made to sum to 1 again afterwards.</summary>
    public override void ToVector(Span<double> vector, ComponentFamily units) => logs.CopyTo(vector);

    public override ComponentFamily? FromVector(ReadOnlySpan<double> vector)
    {
        Matrix guess = probabilities.Clone();
        double[] shares = new double[Levels.Most];
        for (int k = 0; k < Components; k++)
        {
            for (int j = 0; j < Columns; j++)
            {
                Span<double> column = shares.AsSpan(0, Levels.Values(j).Length);
                for (int l = 0; l < column.Length; l++)
                {
                    column[l] = Math.Exp(vector[(Levels.Offset(j) + l) * Components + k]);
                    if (!double.IsFinite(column[l])) return null;
                }

                Estimate(column, Regularization, guess.Row(k).Slice(Levels.Offset(j), column.Length));
            }
        }

        return new CategoricalComponents(Levels, guess, Regularization);
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++)
            result[j] = double.IsNaN(row[j]) ? Levels.Values(j)[Greatest(probabilities.Row(component).Slice(Levels.Offset(j), Levels.Values(j).Length))] : row[j];
    }

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++)
        {
            result[j] = row[j];
            if (!double.IsNaN(row[j])) continue;
            double left = random.Uniform((ulong)j);
            int level = 0, offset = Levels.Offset(j);
            while (level + 1 < Levels.Values(j).Length && (left -= probabilities[component, offset + level]) >= 0) level++;
            result[j] = Levels.Values(j)[level];
        }
    }

    public override void Settle(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, Span<double> result)
    {
        double[] mixed = new double[Levels.Most];
        for (int j = 0; j < result.Length; j++)
        {
            if (!double.IsNaN(row[j])) continue;
            Span<double> column = mixed.AsSpan(0, Levels.Values(j).Length);
            column.Clear();
            for (int k = 0; k < Components; k++)
                for (int l = 0; l < column.Length; l++) column[l] += shares[k] * probabilities[k, Levels.Offset(j) + l];
            result[j] = Levels.Values(j)[Greatest(column)];
        }
    }

    /// <summary>One column per level, 1 where a row has it: levels have no order.</summary>
    internal override Matrix StartFeatures(Matrix sample, Matrix scaled)
    {
        Matrix features = new(sample.Rows, Levels.Total);
        for (int n = 0; n < sample.Rows; n++)
        {
            for (int j = 0; j < Columns; j++)
            {
                int count = Levels.Values(j).Length;
                if (double.IsNaN(sample[n, j])) features.Row(n).Slice(Levels.Offset(j), count).Fill(1.0 / count);
                else features[n, Index(j, sample[n, j])] = 1;
            }
        }

        return features;
    }

    /// <summary>
    /// The probabilities p ≥ ε that maximise Σ cₗ ln pₗ: the shares of the counts, except that those below ε are raised to it and the others lowered in
    /// proportion. As this is the maximum over what is allowed, EM never lowers the likelihood. Without counts the result stays.
    /// </summary>
    internal static void Estimate(ReadOnlySpan<double> counts, double least, Span<double> result)
    {
        double total = 0;
        foreach (double count in counts) total += count;
        if (!(total > 0)) return;
        Span<bool> raised = new bool[counts.Length];
        double mass = 1;
        while (true)
        {
            bool settled = true;
            for (int l = 0; l < counts.Length; l++)
            {
                if (raised[l]) continue;
                result[l] = mass * (counts[l] / total);
                if (result[l] >= least) continue;
                settled = false;
            }

            if (settled) return;
            for (int l = 0; l < counts.Length; l++)
            {
                if (raised[l] || result[l] >= least) continue;
                raised[l] = true;
                result[l] = least;
            }

            (mass, total) = (1, 0);
            for (int l = 0; l < counts.Length; l++)
            {
                if (raised[l]) mass -= least;
                else total += counts[l];
            }
        }
    }

    private int Index(int column, double value) =>
        Levels.IndexOf(column, value) is >= 0 and int level
            ? Levels.Offset(column) + level
            : throw new ElboException(FormattableString.Invariant($"The value {value} in column {column} is none of its levels."));

    private static double LeastOf(ReadOnlySpan<double> values)
    {
        double least = values[0];
        foreach (double value in values) least = Math.Min(least, value);
        return least;
    }

    private static int Greatest(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best]) best = i;
        return best;
    }
}
