using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Columns of one family within mixed components.</summary>
/// <param name="Family">The family.</param>
/// <param name="Columns">Which columns, ascending.</param>
/// <param name="Components">Their densities.</param>
internal sealed record MixedBlock(ColumnFamily Family, int[] Columns, ComponentFamily Components)
{
    /// <summary>Stands before the names of the block's parameters; a Student-t column is a block by itself.</summary>
    public string Prefix => ColumnFamilyNames.Of(Family) + (Family == ColumnFamily.Student ? Columns[0] : "") + ".";

    /// <summary>One block for all columns of a family, except that each Student-t column has its own degrees of freedom.</summary>
    public static MixedBlock[] Neutral(MixedMixtureOptions options, Observations rows, ColumnSummary summary)
    {
        List<MixedBlock> blocks = [];
        foreach (ColumnFamily family in Enum.GetValues<ColumnFamily>())
        {
            int[] columns = [.. Enumerable.Range(0, options.Families.Count).Where(j => options.Families[j] == family)];
            foreach (int[] part in family == ColumnFamily.Student ? [.. columns.Select(static j => new[] { j })] : columns.Length > 0 ? [columns] : Array.Empty<int[]>())
                blocks.Add(new MixedBlock(family, part, Neutral(family, part, options, rows, summary.Select(part))));
        }

        return [.. blocks];
    }

    public static MixedBlock Load(JsonElement definition, int components, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ColumnFamily family = ColumnFamilyNames.Parse(MixtureDefinition.Text(definition, "family"));
        int[] columns = [.. MixtureDefinition.Array(definition, "columnIndices").EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int value) ? value : -1)];
        if (columns.Length == 0) throw new ElboException("A block of the model has no column.");
        MixedBlock named = new(family, columns, null!);
        Dictionary<string, NumericArray> own = [];
        foreach ((string name, NumericArray array) in parameters)
            if (name.StartsWith(named.Prefix, StringComparison.Ordinal)) own[name[named.Prefix.Length..]] = array;
        return named with
        {
            Components = family switch
            {
                ColumnFamily.Normal => LoadNormal(definition, components, columns.Length, own),
                ColumnFamily.Bernoulli => BernoulliComponents.Load(definition, components, columns.Length, own),
                ColumnFamily.Categorical => CategoricalComponents.Load(definition, components, columns.Length, own),
                ColumnFamily.Poisson => PoissonComponents.Load(definition, components, columns.Length, own),
                _ => StudentMixtureComponents.Load(definition, components, columns.Length, own),
            },
        };
    }

    /// <summary>The block's columns of rows.</summary>
    public double[] Gather(RowBlock rows)
    {
        double[] values = new double[rows.Count * Columns.Length];
        ColumnSelection.Gather(rows.Values, rows.Columns, Columns, values);
        return values;
    }

    /// <summary>Puts the block's columns of a row where they belong.</summary>
    public void Scatter(ReadOnlySpan<double> values, Span<double> row)
    {
        for (int j = 0; j < Columns.Length; j++) row[Columns[j]] = values[j];
    }

    private static ComponentFamily Neutral(ColumnFamily family, int[] columns, MixedMixtureOptions options, Observations rows, ColumnSummary summary)
    {
        int k = options.Components;
        if (family != ColumnFamily.Normal)
        {
            return family switch
            {
                ColumnFamily.Bernoulli => BernoulliComponents.Neutral(k, options.Regularization, summary),
                ColumnFamily.Categorical => CategoricalComponents.Neutral(k, options.Regularization, options.Levels ?? (options.StartModel as MixedMixture)?.Levels ?? CategoryLevels.Of(new ColumnSelection(rows, columns))),
                ColumnFamily.Poisson => PoissonComponents.Neutral(k, options.Regularization, summary),
                _ => StudentMixtureComponents.Neutral(options.Student, summary),
            };
        }

        return GaussianComponents.Neutral(k, options.Covariance, options.Regularization, summary);
    }

    private static GaussianComponents LoadNormal(JsonElement definition, int components, int columns, Dictionary<string, NumericArray> parameters)
    {
        CovarianceKind kind = GaussianNames.Parse(MixtureDefinition.Text(definition, "covariance"));
        double[] means = MixtureDefinition.Values(parameters, "means", components, columns);
        double[] covariances = MixtureDefinition.Values(parameters, "covariances", GaussianParameters.Shape(kind, components, columns));
        return GaussianParameters.Components(new Matrix(components, columns, means), covariances, kind, MixtureDefinition.Number(definition, "regularization"));
    }
}
