using System.Text.Json;
using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>What a run wrote down of its data, so that another run can know them again.</summary>
/// <param name="Source">What the data were called on the command line: a name or a path.</param>
/// <param name="Seed">Chose the rows that were set aside.</param>
/// <param name="TrainRows">The number of training rows.</param>
/// <param name="ValidationRows">The number of validation rows; 0 where there are none.</param>
/// <param name="TestRows">The number of test rows; 0 where there are none.</param>
/// <param name="TrainFingerprint">See <see cref="DataSet.Fingerprint"/>.</param>
/// <param name="ValidationFingerprint">See <see cref="DataSet.Fingerprint"/>; empty where there are no rows.</param>
/// <param name="TestFingerprint">See <see cref="DataSet.Fingerprint"/>; empty where there are no rows.</param>
public sealed record SplitRecord(
    string Source, ulong Seed, int TrainRows, int ValidationRows, int TestRows, string TrainFingerprint, string ValidationFingerprint, string TestFingerprint)
{
    /// <summary>Throws unless other data are those of this record. Where the data lie does not matter, what they are does.</summary>
    /// <param name="other">The record of the data at hand.</param>
    /// <exception cref="ElboException">A count or fingerprint differs; the sentence says which.</exception>
    public void RequireSame(SplitRecord other)
    {
        Require("training", TrainRows, TrainFingerprint, other.TrainRows, other.TrainFingerprint);
        Require("validation", ValidationRows, ValidationFingerprint, other.ValidationRows, other.ValidationFingerprint);
        Require("test", TestRows, TestFingerprint, other.TestRows, other.TestFingerprint);

        void Require(string part, int rows, string fingerprint, int otherRows, string otherFingerprint)
        {
            if (rows != otherRows)
                throw new ElboException($"The data of '{other.Source}' have changed since the run began: {otherRows} {part} rows are there, and {rows} were recorded; restore the data, or begin a new run.");
            if (fingerprint != otherFingerprint)
                throw new ElboException($"The data of '{other.Source}' have changed since the run began: the content of the {part} rows is not what was recorded; restore the data, or begin a new run.");
        }
    }

    /// <summary>Writes the record as a JSON object.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("source", Source);
        writer.WriteNumber("seed", Seed);
        writer.WriteNumber("trainRows", TrainRows);
        writer.WriteNumber("validationRows", ValidationRows);
        writer.WriteNumber("testRows", TestRows);
        writer.WriteString("trainFingerprint", TrainFingerprint);
        writer.WriteString("validationFingerprint", ValidationFingerprint);
        writer.WriteString("testFingerprint", TestFingerprint);
        writer.WriteEndObject();
    }

    /// <summary>Reads a record from a JSON object. Members it does not know are passed over.</summary>
    /// <param name="element">The object.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ElboException">A member is missing or of another type.</exception>
    public static SplitRecord Read(JsonElement element, string name)
    {
        try
        {
            return new SplitRecord(
                element.GetProperty("source").GetString() ?? "",
                element.GetProperty("seed").GetUInt64(),
                element.GetProperty("trainRows").GetInt32(),
                element.GetProperty("validationRows").GetInt32(),
                element.GetProperty("testRows").GetInt32(),
                element.GetProperty("trainFingerprint").GetString() ?? "",
                element.GetProperty("validationFingerprint").GetString() ?? "",
                element.GetProperty("testFingerprint").GetString() ?? "");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ElboException($"'{name}' is broken: its record of the data lacks a member or has one of another type; restore the file, or begin a new run.", exception);
        }
    }
}
