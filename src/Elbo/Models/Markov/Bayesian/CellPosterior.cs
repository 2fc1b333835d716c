using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>q of the probabilities of categories, or of a one and a zero: Dirichlet (Beta) distributions, one for each state and column.</summary>
/// <param name="isBernoulli">Whether columns hold zeros and ones, which are then cells 0 and 1.</param>
/// <param name="columns">The distributions of each column, <c>[K, cells]</c>.</param>
internal sealed class CellPosterior(bool isBernoulli, DirichletRows[] columns) : EmissionPosterior
{
    private readonly int[] cells = [.. columns.Select(static column => column.Prior.Columns)];

    public override int Count => columns[0].Prior.Rows;

    public override int Columns => columns.Length;

    public override string Family => isBernoulli ? "bernoulli" : "categorical";

    public override string Title => isBernoulli ? "Bernoulli" : "categorical";

    public override long FreeParameters => columns.Sum(static column => column.FreeParameters);

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        isBernoulli ? Predictive().Parameters[0] : Named("probabilities", Side(static column => column.Means())),
        Named("emissionConcentrations", Side(static column => column.Concentrations)),
        Named("emissionPrior", Side(static column => column.Prior)),
    ];

    /// <summary>The same prior for every state.</summary>
    public static CellPosterior Of(bool isBernoulli, int states, IReadOnlyList<int> cells, double concentration) => new(isBernoulli, [.. cells.Select(count =>
    {
        Matrix prior = new(states, count);
        prior.Values.Fill(concentration);
        return DirichletRows.Of(prior);
    })]);

    public static CellPosterior Load(bool isBernoulli, int states, int columns, JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        int[] cells = isBernoulli
            ? [.. Enumerable.Repeat(2, columns)]
            : [.. MixtureDefinition.Array(definition, "categories").EnumerateArray().Select(static item => item.TryGetInt32(out int value) && value > 0 ? value : throw new ElboException("The model's 'categories' are not whole numbers of at least 1."))];
        if (cells.Length != columns) throw new ElboException($"The model's 'categories' are those of {cells.Length} columns, and it has {columns}.");
        int total = cells.Sum(), first = 0;
        Matrix prior = new(states, total, MixtureDefinition.PositiveValues(parameters, "emissionPrior", states, total));
        Matrix posterior = new(states, total, MixtureDefinition.PositiveValues(parameters, "emissionConcentrations", states, total));
        DirichletRows[] rows = new DirichletRows[columns];
        for (int d = 0; d < columns; d++)
        {
            rows[d] = new DirichletRows(Part(prior, first, cells[d]), Part(posterior, first, cells[d]));
            first += cells[d];
        }

        return new CellPosterior(isBernoulli, rows);
    }

    public override IStateDensities Expected() => new CellDensities(Side(static column => column.MeanLogs()), cells);

    public override IStateDensities Given(Emission emission) => emission;

    public override EmissionPosterior Next(IStateDensities densities, double[] statistics)
    {
        // The sums of expected and of plain densities have the same order.
        CellDensities order = new(new Matrix(Count, cells.Sum()), cells);
        return new CellPosterior(isBernoulli, [.. columns.Select((column, d) => column.Observe((k, cell) => statistics[order.Statistic(order.FirstCell(d) + cell) + k]))]);
    }

    public override double Kl() => columns.Sum(static column => column.Kl());

    public override Emission Predictive()
    {
        if (!isBernoulli) return CategoricalEmission.FromTable(Side(static column => column.Means()), cells);
        Matrix ones = new(Count, Columns);
        for (int d = 0; d < Columns; d++)
        {
            Matrix means = columns[d].Means();
            for (int k = 0; k < Count; k++) ones[k, d] = means[k, 1];
        }

        return new BernoulliEmission(ones);
    }

    public override void WriteDefinition(Utf8JsonWriter writer)
    {
        if (isBernoulli) return;
        writer.WriteStartArray("categories");
        foreach (int count in cells) writer.WriteNumberValue(count);
        writer.WriteEndArray();
    }

    /// <summary>All columns side by side, <c>[K, Σ cells]</c>.</summary>
    private Matrix Side(Func<DirichletRows, Matrix> part)
    {
        Matrix result = new(Count, cells.Sum());
        int first = 0;
        foreach (DirichletRows column in columns)
        {
            Matrix values = part(column);
            for (int k = 0; k < Count; k++) values.Row(k).CopyTo(result.Row(k)[first..]);
            first += values.Columns;
        }

        return result;
    }

    private static Matrix Part(Matrix matrix, int first, int count)
    {
        Matrix result = new(matrix.Rows, count);
        for (int k = 0; k < matrix.Rows; k++) matrix.Row(k).Slice(first, count).CopyTo(result.Row(k));
        return result;
    }
}
