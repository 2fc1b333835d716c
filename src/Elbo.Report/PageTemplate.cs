using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>The page with the front end embedded: fills title, description, style, payload and script into one HTML document.</summary>
internal static class PageTemplate
{
    // Default escaping of '<', '>', '&' and quotes, so no string can end the script element; other languages stay readable.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    public static void Write(Stream target, string title, string description, ReportPayload payload)
    {
        var template = Resource("index.html");
        var at = 0;
        while (template.IndexOf("{{", at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = template.IndexOf("}}", open, StringComparison.Ordinal);
            Append(target, template.AsSpan(at, open - at));
            switch (template[(open + 2)..close])
            {
                case "title": Append(target, Html.Encode(title)); break;
                case "description": Append(target, Html.Encode(description)); break;
                case "style": Append(target, Resource("report.css")); break;
                case "script": Append(target, Resource("report.js")); break;
                case "payload": AppendPayload(target, payload); break;
                case var name: throw new InvalidOperationException($"The page template names '{name}', which nothing fills.");
            }
            at = close + 2;
        }
        Append(target, template.AsSpan(at));
    }

    private static void AppendPayload(Stream target, ReportPayload payload)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = Encoder });
        JsonSerializer.Serialize(writer, payload, ReportJsonContext.Default.ReportPayload);
    }

    private static void Append(Stream target, ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        target.Write(bytes);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream("Elbo.Report.Page." + name)
            ?? throw new InvalidOperationException($"Elbo.Report was built without its page ('{name}'); build it with Node.js installed.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
