using System.Text.Encodings.Web;
using System.Text.Json;

namespace Elbo.Cli.Output;

/// <summary>Results for programs: one JSON object on standard output.</summary>
internal static class JsonOutput
{
    /// <summary>Writes an object; what is flushed on the way leaves memory.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> content)
    {
        using TextStream stream = new(output);
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        output.WriteLine();
    }

    /// <summary>A number; JSON has no NaN and no infinity, so they become null.</summary>
    public static void WriteFinite(this Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }

    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public static void WriteNumbers(this Utf8JsonWriter writer, string name, IEnumerable<double> values)
    {
        writer.WriteStartArray(name);
        foreach (double value in values)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }
}
