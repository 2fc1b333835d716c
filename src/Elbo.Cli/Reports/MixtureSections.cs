using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of a mixture: its components among the rows, their weights, what they have to do with labels.</summary>
internal static class MixtureSections
{
    private const int MostPoints = 1_500;
    private const int MostAxes = 8;
    private const int MostRows = 120;
    private const int MostProfiles = 60;

    /// <summary>The sections of a mixture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="covariance">The covariance of a component; null where ellipses say nothing.</param>
    /// <param name="meanLabel">What a mean is: <c>probability of 1</c>, <c>rate</c>, <c>mean</c>; null where means say nothing.</param>
    /// <param name="rows">The rows it was fitted on.</param>
    /// <param name="runtime">The threads.</param>
    public static IReadOnlyList<ReportSection> Of(MixtureModel model, Func<int, Matrix>? covariance, string? meanLabel, LoadedObservations rows, Runtime runtime)
    {
        double[] weights = model.Weights.ToArray();
        int[] shown = Spread(rows.Rows.Rows, MostPoints);
        Observations some = Take(rows.Rows, shown);
        Matrix codes = model.Encode(some, runtime);
        Matrix means = model.ComponentMeans();
        List<ReportSection> sections = [];
        if (rows.IsImage && meanLabel is not null) sections.Add(Pictures(rows, means, weights));
        else if (covariance is not null && rows.Rows.Columns >= 2) sections.Add(Ellipses(model, weights, means, covariance, some, codes, shown));
        else if (meanLabel is not null && rows.Rows.Columns <= MostProfiles) sections.Add(Profiles(model, means, meanLabel, rows.Rows.ColumnNames));
        if (model.CodeNames.Count > 1) sections.Add(Weights(model, weights));
        IEnumerable<(long, Matrix)> posteriors = RowChunks.Of(rows.Rows, isSequential: false, model.CodeNames.Count).Select(chunk => (chunk.First, model.Encode(chunk.Rows, runtime)));
        if (LabelSections.Shares(rows, model.CodeNames, "component", posteriors) is { } labels) sections.Add(labels);
        if (model.CodeNames.Count > 1) sections.Add(Responsibilities(model, codes, shown));
        return sections;
    }

    /// <summary>Row numbers, evenly spread, so that every part of the data is seen.</summary>
    public static int[] Spread(long rows, int most)
    {
        int count = (int)Math.Min(rows, most);
        return [.. Enumerable.Range(0, count).Select(i => (int)(rows * i / count))];
    }

    /// <summary>Some rows by their numbers, as single rows without sequences.</summary>
    public static Observations Take(Observations rows, int[] numbers)
    {
        Matrix values = new(numbers.Length, rows.Columns);
        double[] buffer = new double[rows.Columns];
        for (int i = 0; i < numbers.Length; i++) rows.Read(numbers[i], 1, buffer).CopyTo(values.Row(i));
        return Observations.FromMatrix(rows.Name, values, rows.ColumnNames);
    }

    public static int Largest(ReadOnlySpan<double> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest]) largest = i;
        return largest;
    }

    private static ComponentEllipsesSection Ellipses(RowModel model, double[] weights, Matrix means, Func<int, Matrix> covariance, Observations rows, Matrix codes, int[] numbers)
    {
        int axes = Math.Min(MostAxes, rows.Columns), k = means.Rows;
        float[] values = new float[rows.Rows * axes], centres = new float[k * axes], covariances = new float[k * axes * axes];
        double[] buffer = new double[rows.Columns];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<double> row = rows.Read(i, 1, buffer);
            for (int j = 0; j < axes; j++) values[i * axes + j] = (float)row[j];
        }

        for (int c = 0; c < k; c++)
        {
            Matrix own = covariance(c);
            for (int i = 0; i < axes; i++)
            {
                centres[c * axes + i] = (float)means[c, i];
                for (int j = 0; j < axes; j++) covariances[(c * axes + i) * axes + j] = (float)own[i, j];
            }
        }

        string some = numbers.Length < MostPoints ? "Each row" : $"{Text.Count(numbers.Length)} rows, evenly spread,";
        return new ComponentEllipsesSection
        {
            Title = "Components",
            Note = $"{some} in the colour of the component that most likely made it.{(rows.Columns > axes ? $" The first {axes} of {rows.Columns} columns can be chosen." : "")}",
            ColumnNames = [.. rows.ColumnNames.Take(axes)],
            Values = values,
            Components = Enumerable.Range(0, codes.Rows).Select(row => Largest(codes.Row(row))).ToArray(),
            ComponentNames = model.CodeNames,
            Weights = weights,
            Means = centres,
            Covariances = covariances,
            Rows = numbers,
        };
    }

    private static ImageGridSection Pictures(LoadedObservations rows, Matrix means, double[] weights)
    {
        int[] order = [.. Enumerable.Range(0, means.Rows).OrderByDescending(component => weights[component])];
        float[] pixels = new float[means.Rows * means.Columns];
        for (int i = 0; i < order.Length; i++)
            for (int j = 0; j < means.Columns; j++) pixels[i * means.Columns + j] = (float)means[order[i], j];
        return new ImageGridSection
        {
            Title = "Component means",
            Note = "The mean of each component as a picture, the heaviest first.",
            Images = ImageSet.FromUnitInterval(means.Rows, rows.RowShape[0], rows.RowShape[1], rows.RowShape[2], pixels),
            Columns = Math.Clamp((int)Math.Ceiling(Math.Sqrt(means.Rows)), 1, 12),
        };
    }

    private static HeatmapSection Profiles(RowModel model, Matrix means, string meanLabel, IReadOnlyList<string> columns) => new()
    {
        Title = "Profiles",
        Note = "What each component says of each column.",
        RowNames = columns,
        ColumnNames = model.CodeNames,
        RowLabel = "column",
        ValueLabel = meanLabel,
        Values = Transposed(means),
    };

    private static BarsSection Weights(RowModel model, double[] weights) => new()
    {
        Title = "Weights",
        ValueLabel = "weight",
        Bars = [.. weights.Select((weight, component) => new Bar { Name = model.CodeNames[component], Value = weight, Emphasized = weight > 1e-3 })],
        Remark = weights.Count(static weight => weight <= 1e-3) is var empty and > 0 ? $"{empty} of {weights.Length} components are empty: their weight is at most 0.001." : null,
    };

    private static HeatmapSection Responsibilities(RowModel model, Matrix codes, int[] numbers)
    {
        int[] some = Spread(codes.Rows, MostRows);
        int[] sorted = [.. some.OrderBy(row => Largest(codes.Row(row))).ThenByDescending(row => codes[row, Largest(codes.Row(row))])];
        double[] values = new double[codes.Columns * sorted.Length];
        for (int component = 0; component < codes.Columns; component++)
            for (int i = 0; i < sorted.Length; i++) values[component * sorted.Length + i] = codes[sorted[i], component];
        return new HeatmapSection
        {
            Title = "Responsibilities",
            Note = $"How {sorted.Length} rows, evenly spread and sorted by component, are divided among the components: full colour is certainty.",
            RowNames = model.CodeNames,
            ColumnNames = [.. sorted.Select(row => $"row {numbers[row]}")],
            ValueLabel = "p(component | row)",
            Values = values,
        };
    }

    /// <summary>The covariance of a component of a mixture that has them, in the shape of their kind, among its parameters.</summary>
    public static Matrix Covariance(MixtureModel model, string name, int component)
    {
        NumericArray array = model.Parameters.First(pair => pair.Key == name).Value;
        ReadOnlySpan<double> values = array.AsSpan<double>();
        int d = model.Columns, k = model.Components;
        Matrix result = new(d, d);
        for (int i = 0; i < d; i++)
        {
            if (array.Rank == 3) values.Slice((component * d + i) * d, d).CopyTo(result.Row(i));
            // As many components as columns: only the symmetry of a shared matrix could tell, and diagonal variances are written by component.
            else if (array.Rank == 2 && array.Shape[0] == d && (k != d || IsSymmetric(values, d))) values.Slice(i * d, d).CopyTo(result.Row(i));
            else result[i, i] = array.Rank == 2 ? values[component * d + i] : values[component];
        }

        return result;
    }

    private static bool IsSymmetric(ReadOnlySpan<double> values, int size)
    {
        for (int i = 0; i < size; i++)
            for (int j = 0; j < i; j++)
                if (values[i * size + j] != values[j * size + i]) return false;
        return true;
    }

    public static double[] Transposed(Matrix matrix)
    {
        double[] values = new double[matrix.Rows * matrix.Columns];
        for (int i = 0; i < matrix.Rows; i++)
            for (int j = 0; j < matrix.Columns; j++) values[j * matrix.Rows + i] = matrix[i, j];
        return values;
    }
}
