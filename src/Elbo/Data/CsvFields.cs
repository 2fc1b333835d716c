using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Cuts the lines of a CSV file into fields. The delimiter is that of the options, or found in the first line.</summary>
internal sealed class CsvFields(string source, CsvOptions options)
{
    private readonly List<string> fields = [];

    /// <summary>The character between fields; known after the first line.</summary>
    public char Delimiter { get; private set; } = options.Delimiter ?? '\0';

    /// <summary>The fields of a line, without quotation marks; valid until the next line.</summary>
    /// <exception cref="Numerics.ElboException">A quotation is not closed, or has text after it.</exception>
    public IReadOnlyList<string> Split(string text, int line)
    {
        if (Delimiter == '\0') Delimiter = Detect(text);
        fields.Clear();
        ReadOnlySpan<char> rest = Delimiter == ' ' ? text.AsSpan().Trim() : text;
        while (true)
        {
            ReadOnlySpan<char> trimmed = rest.TrimStart(' ');
            if (trimmed.StartsWith("\""))
            {
                int close = Close(trimmed);
                if (close < 0) throw FileFailure.Mismatch(source, $"opens a quotation in line {line} and does not close it there", "correct the line");
                fields.Add(trimmed[1..close].ToString().Replace("\"\"", "\"", StringComparison.Ordinal));
                rest = trimmed[(close + 1)..].TrimStart(' ');
                if (rest.IsEmpty) return fields;
                if (rest[0] != Delimiter && Delimiter != ' ') throw FileFailure.Mismatch(source, $"has text after a quotation in line {line}", "correct the line");
            }
            else
            {
                int end = rest.IndexOf(Delimiter);
                fields.Add((end < 0 ? rest : rest[..end]).Trim().ToString());
                if (end < 0) return fields;
                rest = rest[end..];
            }

            // Columns aligned with spaces have runs of them; every other delimiter separates by itself.
            rest = Delimiter == ' ' ? rest.TrimStart(' ') : rest[1..];
        }
    }

    /// <summary>The mark that ends a quotation: a doubled one stands for itself (RFC 4180, section 2.7). −1 where there is none.</summary>
    private static int Close(ReadOnlySpan<char> quoted)
    {
        for (int i = 1; i < quoted.Length; i++)
        {
            if (quoted[i] != '"') continue;
            if (i + 1 == quoted.Length || quoted[i + 1] != '"') return i;
            i++;
        }

        return -1;
    }

    private static char Detect(string text)
    {
        foreach (char candidate in (ReadOnlySpan<char>)[',', ';', '\t', ' '])
            if (text.Contains(candidate)) return candidate;
        return ',';
    }
}
