using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Turns the arrays of npy and npz files into data sets.</summary>
public static class ArrayFiles
{
    private static readonly string[] DataKeys = ["X", "x", "data", "images", "x_train", "X_train", "train_images", "arr_0"];
    private static readonly string[] LabelKeys = ["y", "Y", "labels", "label", "target", "y_train", "train_labels"];
    private static readonly string[] TestDataKeys = ["x_test", "X_test", "test_images"];
    private static readonly string[] TestLabelKeys = ["y_test", "test_labels"];

    /// <summary>Reads an npy file of rows.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The rows; see <see cref="ToDataSet"/> for shapes.</returns>
    /// <exception cref="ElboException">The file cannot be read or does not hold rows.</exception>
    public static DataSet LoadNpy(string path) => ToDataSet(Npy.Load(path), Path.GetFileNameWithoutExtension(path), path);

    /// <summary>
    /// Reads an npz file: the rows from <c>X</c>, <c>data</c>, <c>images</c>, <c>x_train</c> or the only array there is, labels
    /// from <c>y</c>, <c>labels</c> or <c>y_train</c>, and the test rows from <c>x_test</c> and <c>y_test</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The rows and, where the file has them, the test rows.</returns>
    /// <exception cref="ElboException">The file cannot be read, or has no array of rows by a known name.</exception>
    public static LoadedData LoadNpz(string path)
    {
        OrderedDictionary<string, NumericArray> arrays = Npz.Load(path);
        string name = Path.GetFileNameWithoutExtension(path);
        NumericArray? rows = Find(arrays, DataKeys) ?? (arrays.Count == 1 ? arrays.GetAt(0).Value : null);
        if (rows is null)
            throw FileFailure.Mismatch(path, $"holds the arrays {(arrays.Count == 0 ? "(none)" : string.Join(", ", arrays.Keys))}, and rows under the name X were expected", "save it again as X, with labels as y");
        DataSet train = ToDataSet(rows, name, path, Find(arrays, LabelKeys));
        NumericArray? testRows = Find(arrays, TestDataKeys);
        return new LoadedData(train, testRows is null ? null : ToDataSet(testRows, name + " test", path, Find(arrays, TestLabelKeys)));
    }

    /// <summary>Makes a data set of an array whose first extent counts the rows.</summary>
    /// <param name="array">
    /// <c>[rows, values]</c>, <c>[rows, height, width]</c> (taken as one channel), <c>[rows, channels, height, width]</c>, or
    /// <c>[rows, height, width, channels]</c> with 1 or 3 channels, which is brought to channels first. Unsigned bytes stay bytes, and
    /// so does what is boolean; the rest becomes float.
    /// </param>
    /// <param name="name">What to call the data.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="labels">Whole numbers, one per row, or null.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ElboException">The array has no rows, or the labels are not whole numbers, one per row.</exception>
    public static DataSet ToDataSet(NumericArray array, string name, string source, NumericArray? labels = null)
    {
        if (array.Rank < 2)
            throw FileFailure.Mismatch(source, $"has the shape {NumericArray.FormatShape(array.Shape)}, and rows of values were expected", "reshape it to [rows, values]");
        if (array.Count == 0)
            throw FileFailure.Mismatch(source, $"has the shape {NumericArray.FormatShape(array.Shape)}, which holds nothing", "give it at least one row");
        int[] rowShape = array.Rank == 3 ? [1, .. array.Shape[1..]] : array.Shape[1..].ToArray();
        int[]? rowLabels = labels is null ? null : ToLabels(labels, array.Shape[0], source);
        bool channelsLast = rowShape is [not (1 or 3), _, 1 or 3];
        if (array.Type is NumericType.UInt8 or NumericType.Boolean)
        {
            byte[] bytes = array.RawBytes;
            if (array.Type == NumericType.Boolean) bytes = Array.ConvertAll(bytes, static value => value != 0 ? (byte)255 : (byte)0);
            if (channelsLast) bytes = ChannelsFirst(bytes, rowShape);
            return DataSet.FromBytes(name, bytes, channelsLast ? [rowShape[2], rowShape[0], rowShape[1]] : rowShape, rowLabels);
        }

        float[] floats = array.ToFloat();
        if (channelsLast) floats = ChannelsFirst(floats, rowShape);
        int infinite = Array.FindIndex(floats, float.IsInfinity);
        if (infinite >= 0)
        {
            int rowLength = array.Count / array.Shape[0];
            throw FileFailure.Mismatch(source, $"has an infinite value (as a 32-bit float) in row {infinite / rowLength}, value {infinite % rowLength}", "replace it with a finite one, or with NaN for a missing value");
        }

        return DataSet.FromFloats(name, floats, channelsLast ? [rowShape[2], rowShape[0], rowShape[1]] : rowShape, rowLabels);
    }

    private static NumericArray? Find(OrderedDictionary<string, NumericArray> arrays, string[] keys)
    {
        foreach (string key in keys)
            if (arrays.TryGetValue(key, out NumericArray? array)) return array;
        return null;
    }

    private static int[] ToLabels(NumericArray labels, int rows, string source)
    {
        if (labels.Count != rows)
            throw FileFailure.Mismatch(source, $"has {labels.Count} labels for {rows} rows", "give one label per row");
        double[] values = labels.ToDouble();
        int[] result = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= int.MinValue && values[i] <= int.MaxValue) || values[i] != Math.Floor(values[i]))
                throw FileFailure.Mismatch(source, $"has the label {values[i]} in row {i}, and whole numbers were expected", "save the labels as integers");
            result[i] = (int)values[i];
        }

        return result;
    }

    private static T[] ChannelsFirst<T>(T[] values, int[] rowShape)
    {
        int pixels = rowShape[0] * rowShape[1];
        int channels = rowShape[2];
        if (channels == 1) return values;
        T[] result = new T[values.Length];
        for (int row = 0; row < values.Length; row += pixels * channels)
            for (int pixel = 0; pixel < pixels; pixel++)
                for (int channel = 0; channel < channels; channel++)
                    result[row + channel * pixels + pixel] = values[row + pixel * channels + channel];
        return result;
    }
}
