using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K products of densities of different families over different columns, which are independent given the component.</summary>
internal sealed class MixedComponents : ComponentFamily
{
    private readonly MixedBlock[] blocks;

    public MixedComponents(int components, int columns, MixedBlock[] blocks)
        : base(components, columns)
    {
        this.blocks = blocks;
        int[] covered = [.. blocks.SelectMany(static block => block.Columns).Order()];
        if (!covered.SequenceEqual(Enumerable.Range(0, columns))) throw new ElboException($"The blocks of the model cover the columns {string.Join(", ", covered)}, and each of its {columns} columns must be covered once.");
    }

    public IReadOnlyList<MixedBlock> Blocks => blocks;

    public override long FreeParameters => blocks.Sum(static block => block.Components.FreeParameters);

    /// <summary>Per block the counts, since a row may have values in some blocks only, and then its family's sums.</summary>
    public override int StatisticsLength => blocks.Sum(block => checked(Components + block.Components.StatisticsLength));

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
        [.. blocks.SelectMany(static block => block.Components.Parameters.Select(parameter => new KeyValuePair<string, NumericArray>(block.Prefix + parameter.Key, parameter.Value)))];

    public static MixedComponents Load(JsonElement definition, int components, int columns, IReadOnlyDictionary<string, NumericArray> parameters) =>
        new(components, columns, [.. MixtureDefinition.Array(definition, "blocks").EnumerateArray().Select(block => MixedBlock.Load(block, components, parameters))]);

    public override void WriteDefinition(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("blocks");
        foreach (MixedBlock block in blocks)
        {
            writer.WriteStartObject();
            writer.WriteString("family", ColumnFamilyNames.Of(block.Family));
            writer.WriteStartArray("columnIndices");
            foreach (int column in block.Columns) writer.WriteNumberValue(column);
            writer.WriteEndArray();
            block.Components.WriteDefinition(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public override void CheckFit(ColumnSummary summary, Observations rows)
    {
        foreach (MixedBlock block in blocks) block.Components.CheckFit(summary.Select(block.Columns), new ColumnSelection(rows, block.Columns));
    }

    internal override string Remark(ColumnSummary summary, Observations rows) =>
        string.Concat(blocks.Select(block => block.Components.Remark(summary.Select(block.Columns), new ColumnSelection(rows, block.Columns))));

    public override void CheckRows(Observations rows)
    {
        foreach (MixedBlock block in blocks) block.Components.CheckRows(new ColumnSelection(rows, block.Columns));
    }

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        result.Clear();
        double[] part = new double[result.Length];
        foreach (MixedBlock block in blocks)
        {
            block.Components.LogDensities(new RowBlock(block.Gather(rows), block.Columns.Length, rows.MayHaveMissing), part);
            for (int i = 0; i < part.Length; i++) result[i] += part[i];
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        int count = rows.Count;
        double[] shares = new double[responsibilities.Length];
        foreach (MixedBlock block in blocks)
        {
            RowBlock part = new(block.Gather(rows), block.Columns.Length, rows.MayHaveMissing);
            responsibilities.CopyTo(shares);
            for (int n = 0; rows.MayHaveMissing && n < count; n++)
            {
                // Nothing is known of this block, so that the row says nothing of it.
                if (part.Row(n).ContainsAnyExcept(double.NaN)) continue;
                for (int k = 0; k < Components; k++) shares[k * count + n] = 0;
            }

            for (int k = 0; k < Components; k++)
                foreach (double share in shares.AsSpan(k * count, count)) statistics[k] += share;
            block.Components.Accumulate(part, shares, statistics.Slice(Components, block.Components.StatisticsLength));
            statistics = statistics[(Components + block.Components.StatisticsLength)..];
        }
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        MixedBlock[] updated = new MixedBlock[blocks.Length];
        for (int b = 0; b < blocks.Length; b++)
        {
            int length = blocks[b].Components.StatisticsLength;
            updated[b] = blocks[b] with { Components = blocks[b].Components.Maximize(statistics[..Components], statistics.Slice(Components, length)) };
            statistics = statistics[(Components + length)..];
        }

        return new MixedComponents(Components, Columns, updated);
    }

    public override int VectorLength => Array.Exists(blocks, static block => block.Components.VectorLength == 0) ? 0 : blocks.Sum(static block => block.Components.VectorLength);

    public override void ToVector(Span<double> vector, ComponentFamily units)
    {
        for (int b = 0; b < blocks.Length; b++)
        {
            int length = blocks[b].Components.VectorLength;
            blocks[b].Components.ToVector(vector[..length], ((MixedComponents)units).blocks[b].Components);
            vector = vector[length..];
        }
    }

    public override ComponentFamily? FromVector(ReadOnlySpan<double> vector)
    {
        MixedBlock[] guess = new MixedBlock[blocks.Length];
        for (int b = 0; b < blocks.Length; b++)
        {
            int length = blocks[b].Components.VectorLength;
            if (blocks[b].Components.FromVector(vector[..length]) is not { } components) return null;
            guess[b] = blocks[b] with { Components = components };
            vector = vector[length..];
        }

        return new MixedComponents(Components, Columns, guess);
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        foreach (MixedBlock block in blocks)
        {
            double[] part = new double[block.Columns.Length];
            block.Components.ConditionalMean(component, block.Gather(new RowBlock(row, Columns, true)), part);
            block.Scatter(part, result);
        }
    }

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        for (int b = 0; b < blocks.Length; b++)
        {
            double[] part = new double[blocks[b].Columns.Length];
            blocks[b].Components.ConditionalDraw(component, blocks[b].Gather(new RowBlock(row, Columns, true)), random.Split((ulong)b), part);
            blocks[b].Scatter(part, result);
        }
    }

    public override void Settle(ReadOnlySpan<double> shares, ReadOnlySpan<double> row, Span<double> result)
    {
        foreach (MixedBlock block in blocks)
        {
            double[] part = block.Gather(new RowBlock(result, Columns, true));
            block.Components.Settle(shares, block.Gather(new RowBlock(row, Columns, true)), part);
            block.Scatter(part, result);
        }
    }

    internal override Matrix StartFeatures(Matrix sample, Matrix scaled)
    {
        Matrix[] parts = [.. blocks.Select(block => block.Components.StartFeatures(Part(block, sample), Part(block, scaled)))];
        Matrix features = new(sample.Rows, parts.Sum(static part => part.Columns));
        for (int n = 0; n < sample.Rows; n++)
        {
            int next = 0;
            foreach (Matrix part in parts)
            {
                part.Row(n).CopyTo(features.Row(n)[next..]);
                next += part.Columns;
            }
        }

        return features;

        static Matrix Part(MixedBlock block, Matrix matrix) => new(matrix.Rows, block.Columns.Length, block.Gather(new RowBlock(matrix.Values, matrix.Columns, true)));
    }
}
