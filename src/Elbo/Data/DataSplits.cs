using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>Rows to train on, to stop by, and to report on.</summary>
public sealed class DataSplits
{
    private readonly Lazy<SplitRecord> record;

    private DataSplits(string source, ulong seed, DataSet train, DataSet? validation, DataSet? test, bool? verified)
    {
        Train = train;
        Validation = validation;
        Test = test;
        Verified = verified;
        record = new Lazy<SplitRecord>(() => new SplitRecord(
            source, seed, train.Rows, validation?.Rows ?? 0, test?.Rows ?? 0, train.Fingerprint, validation?.Fingerprint ?? "", test?.Fingerprint ?? ""));
    }

    /// <summary>The rows to train on.</summary>
    public DataSet Train { get; }

    /// <summary>The rows to stop by, or null.</summary>
    public DataSet? Validation { get; }

    /// <summary>The rows to report on, or null.</summary>
    public DataSet? Test { get; }

    /// <summary>Whether the content is that of the published set: true or false where it is known, null elsewhere.</summary>
    public bool? Verified { get; }

    /// <summary>What to write down of the data; computes the fingerprints when first asked.</summary>
    public SplitRecord Record => record.Value;

    /// <summary>Divides the rows of a source. The same rows, options and seed make the same parts; rows keep their order.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="source">What the data were called: a name or a path.</param>
    /// <param name="options">How to divide them; null means no validation rows, and a tenth for testing where the source has no test rows.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ElboException">More rows are to be set aside than there are.</exception>
    public static DataSplits Make(LoadedData data, string source, SplitOptions? options = null)
    {
        options ??= new SplitOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.ValidationRows);
        if (options.TestRows is < 0) throw new ArgumentOutOfRangeException(nameof(options), options.TestRows, "The number of test rows cannot be negative.");
        int available = data.Train.Rows;
        int testRows = data.Test is not null ? 0 : options.TestRows ?? available / 10;
        if ((long)testRows + options.ValidationRows >= available)
            throw new ElboException($"'{source}' has {available} rows, and {options.ValidationRows} for validation and {testRows} for testing leave none to train on; set fewer aside.");

        int[] order = new int[available];
        new RandomStream(options.Seed).Permutation(order);
        DataSet? test = data.Test ?? (testRows == 0 ? null : Part(order.AsSpan(0, testRows), " test"));
        DataSet? validation = options.ValidationRows == 0 ? null : Part(order.AsSpan(testRows, options.ValidationRows), " validation");
        int setAside = testRows + options.ValidationRows;
        DataSet train = setAside == 0 ? data.Train : Part(order.AsSpan(setAside), "");
        return new DataSplits(source, options.Seed, train, validation, test, data.Verified);

        DataSet Part(Span<int> rows, string suffix)
        {
            rows.Sort();
            return data.Train.Select(rows, data.Train.Name + suffix);
        }
    }
}
