using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>The front door to rows of doubles: a name or a path in, observations out.</summary>
public static class ObservationSource
{
    private static readonly string[] RowKeys = ["X", "x", "data", "images", "x_train", "X_train", "arr_0"];
    private static readonly string[] TestKeys = ["x_test", "X_test"];
    private static readonly string[] WeightKeys = ["weights", "sample_weight", "w"];
    private static readonly string[] LengthKeys = ["lengths"];

    /// <summary>
    /// Reads a CSV, npy or npz file in double precision, or anything else that <see cref="DataSource"/> reads as its models see it.
    /// A missing value is NaN. Tables of 256 MiB and more stay in their file and are streamed.
    /// Of npy and npz, arrays of bytes with two extents are taken as the numbers they are, and images divided by 255.
    /// </summary>
    /// <param name="source">The name or path. A name wins over a file of that name; write <c>./mnist</c> to mean the file.</param>
    /// <param name="options">How to find and read it; null for the usual.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ElboException">There is no such set, file or folder, or it cannot be read.</exception>
    public static LoadedObservations Load(string source, ObservationOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        options ??= new ObservationOptions();
        if (NamedSets.Find(source) is null && File.Exists(source))
        {
            string name = Path.GetFileName(source).ToLowerInvariant();
            if (IsCsv(name)) return new FileInfo(source).Length >= FileObservations.LargeFile ? Csv.StreamObservations(source, CsvOptions(options)) : Csv.LoadObservations(source, CsvOptions(options));
            if (name.EndsWith(".npy", StringComparison.Ordinal) && FileObservations.IsLargeNpy(source))
            {
                FileObservations rows = FileObservations.OpenNpy(source);
                return new LoadedObservations(rows, [rows.Columns]);
            }

            if (name.EndsWith(".npy", StringComparison.Ordinal)) return FromArray(Npy.Load(source), Path.GetFileNameWithoutExtension(source), source);
            if (name.EndsWith(".npz", StringComparison.Ordinal)) return LoadNpz(source, options.PreferTest);
        }

        return FromDataSets(DataSource.Load(source, new DataOptions { DataFolder = options.DataFolder }), options.PreferTest);
    }

    /// <summary>Whether a file is read as CSV, by its name.</summary>
    /// <param name="path">The file.</param>
    public static bool IsCsv(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The rows of loaded data sets.</summary>
    /// <param name="data">The data sets.</param>
    /// <param name="preferTest">Whether to take the test rows where there are some.</param>
    /// <exception cref="ElboException">A value is infinite.</exception>
    public static LoadedObservations FromDataSets(LoadedData data, bool preferTest = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataSet rows = preferTest && data.Test is { } test ? test : data.Train;
        return new LoadedObservations(Observations.FromDataSet(rows), rows.RowShape.ToArray())
        {
            IsTest = preferTest && data.Test is not null,
            Labels = rows.Labels.ToArray(),
            LabelNames = rows.LabelNames,
            Verified = data.Verified,
        };
    }

    /// <summary>How these options read a CSV file.</summary>
    /// <param name="options">The options.</param>
    public static CsvOptions CsvOptions(ObservationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            Columns = options.Columns,
            ModelColumns = options.ModelColumns,
            OptionalColumns = options.OptionalColumns,
            TextCategories = options.TextCategories,
            Categories = options.Categories,
            WeightColumn = options.WeightColumn,
            SequenceColumn = options.SequenceColumn,
            LabelColumn = options.LabelColumn,
        };
    }

    private static LoadedObservations LoadNpz(string path, bool preferTest)
    {
        OrderedDictionary<string, NumericArray> arrays = Npz.Load(path);
        string name = Path.GetFileNameWithoutExtension(path);
        NumericArray? test = preferTest ? Find(arrays, TestKeys) : null;
        NumericArray rows = test ?? Find(arrays, RowKeys) ?? (arrays.Count == 1 ? arrays.GetAt(0).Value : null)
            ?? throw FileFailure.Mismatch(path, $"holds the arrays {(arrays.Count == 0 ? "(none)" : string.Join(", ", arrays.Keys))}, and rows under the name X were expected", "save it again as X, with weights as weights and the lengths of sequences as lengths");
        if (test is not null) return FromArray(test, name, path) with { IsTest = true };
        return FromArray(rows, name, path, Find(arrays, WeightKeys)?.ToDouble(), Find(arrays, LengthKeys)?.ToDouble());
    }

    private static LoadedObservations FromArray(NumericArray array, string name, string source, double[]? weights = null, double[]? lengths = null)
    {
        // Images have their own layouts and scale, which the data sets know.
        if (array.Rank > 2) return FromDataSets(new LoadedData(ArrayFiles.ToDataSet(array, name, source)));
        if (array.Rank == 0 || array.Count == 0)
            throw FileFailure.Mismatch(source, $"has the shape {NumericArray.FormatShape(array.Shape)}, and rows of values were expected", "reshape it to [rows, values]");
        int columns = array.Rank == 1 ? 1 : array.Shape[1];
        double[] values = array.ToDouble();
        int infinite = Array.FindIndex(values, double.IsInfinity);
        if (infinite >= 0)
            throw FileFailure.Mismatch(source, $"has an infinite value in row {infinite / columns}, column {infinite % columns}", "replace it by a finite one, or by NaN for a missing value");
        Observations rows = Observations.FromMatrix(name, new Matrix(array.Shape[0], columns, values), null, weights, lengths is null ? null : Lengths(lengths, source));
        return new LoadedObservations(rows, [columns]);
    }

    private static int[] Lengths(double[] values, string source)
    {
        foreach (double value in values)
            if (!(value >= 1 && value <= int.MaxValue) || value != Math.Floor(value)) throw FileFailure.Mismatch(source, $"has a sequence of length {value}", "give whole numbers of at least 1 that sum to the rows");
        return Array.ConvertAll(values, static value => (int)value);
    }

    private static NumericArray? Find(OrderedDictionary<string, NumericArray> arrays, string[] keys)
    {
        foreach (string key in keys)
            if (arrays.TryGetValue(key, out NumericArray? array)) return array;
        return null;
    }
}
