using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Elbo.Numerics;

namespace Elbo.Report.Tests;

public sealed partial class PageTests
{
    private const string Hostile = "</script><script>alert(1)</script> <!-- & \" ' \u2028 é φ {{payload}}";

    [Fact]
    public void Strings_cannot_break_out_of_the_payload_or_the_title()
    {
        var data = FakeReports.Minimal() with
        {
            Header = FakeReports.Minimal().Header with { RunName = Hostile, Title = Hostile, Summary = Hostile },
            Sections = [new TableSection { Title = Hostile, Groups = [new TableGroup { Title = Hostile, Entries = [new TableEntry(Hostile, Hostile)] }] }],
        };
        var html = Render(data);
        Assert.DoesNotContain("alert(1)</script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "</script>"));

        using var payload = JsonDocument.Parse(PayloadOf(html));
        var run = payload.RootElement.GetProperty("runs")[0];
        Assert.Equal(Hostile, run.GetProperty("header").GetProperty("runName").GetString());
        Assert.Equal(Hostile, run.GetProperty("sections")[0].GetProperty("groups")[0].GetProperty("entries")[0].GetProperty("value").GetString());
    }

    [Fact]
    public void The_same_data_give_the_same_bytes()
    {
        var first = RenderBytes(FakeReports.Digits(points: 200));
        var second = RenderBytes(FakeReports.Digits(points: 200));
        Assert.Equal(first, second);
    }

    [Fact]
    public void The_page_names_no_other_place_than_the_namespaces_of_SVG()
    {
        // The licence notices of what is bundled may name their own addresses; they are a comment.
        var html = Regex.Replace(Render(FakeReports.Digits(points: 50)), @"/\*\nThis page includes:.*?\*/", "", RegexOptions.Singleline);
        var places = Urls().Matches(html).Select(match => match.Value).Distinct().Where(url => !url.StartsWith("http://www.w3.org/", StringComparison.Ordinal));
        Assert.Empty(places);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_data_the_page_stays_under_400_kilobytes()
    {
        Assert.InRange(RenderBytes(FakeReports.Minimal()).Length, 100_000, 400_000);
    }

    [Fact]
    public void Numbers_that_are_not_finite_become_null()
    {
        var minimal = FakeReports.Minimal();
        var html = Render(minimal with { Header = minimal.Header with { Bound = minimal.Header.Bound! with { Elbo = double.NaN, LogLikelihood = double.NegativeInfinity } } });
        using var payload = JsonDocument.Parse(PayloadOf(html));
        var bound = payload.RootElement.GetProperty("runs")[0].GetProperty("header").GetProperty("bound");
        Assert.Equal(JsonValueKind.Null, bound.GetProperty("elbo").ValueKind);
        Assert.Equal(JsonValueKind.Null, bound.GetProperty("logLikelihood").ValueKind);
    }

    [Fact]
    public void The_file_replaces_an_older_one_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "deeper", "report.html");
        Assert.Contains("its folder does not exist", Assert.Throws<ElboException>(() => ReportWriter.Write(FakeReports.Minimal(), path)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "old");
        ReportWriter.Write(FakeReports.Minimal(), path);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_named_and_the_old_file_survives_bad_data()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "kept");
        var exception = Assert.Throws<ElboException>(() => ReportWriter.Write(FakeReports.Minimal(), Path.Combine(file, "report.html")));
        Assert.Contains("report.html", exception.Message, StringComparison.Ordinal);

        var bad = FakeReports.Minimal() with { Sections = [new LatentPlaneSection { Title = "Plane", Dimensions = [], Origin = [] }] };
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(bad, file));
        Assert.Equal("kept", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_comparison_needs_two_runs_and_leaves_the_decoders_out()
    {
        var run = FakeReports.Digits(points: 50);
        Assert.Throws<ArgumentException>(() => ReportWriter.WriteCompare([run], new MemoryStream()));
        using var stream = new MemoryStream();
        ReportWriter.WriteCompare([run, run with { Header = run.Header with { RunName = "second" } }], stream);
        using var payload = JsonDocument.Parse(PayloadOf(Encoding.UTF8.GetString(stream.ToArray())));
        Assert.True(payload.RootElement.GetProperty("compare").GetBoolean());
        Assert.Equal("second", payload.RootElement.GetProperty("runs")[1].GetProperty("header").GetProperty("runName").GetString());
        foreach (var entry in payload.RootElement.GetProperty("runs").EnumerateArray())
        {
            Assert.False(entry.TryGetProperty("decoder", out _));
            Assert.DoesNotContain(entry.GetProperty("sections").EnumerateArray(), section => section.GetProperty("kind").GetString()!.StartsWith("latent", StringComparison.Ordinal));
        }
    }

    internal static string Render(ReportData data) => Encoding.UTF8.GetString(RenderBytes(data));

    internal static string PayloadOf(string html)
    {
        const string Open = "<script type=\"application/json\" id=\"payload\">";
        var start = html.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        return html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)];
    }

    private static byte[] RenderBytes(ReportData data)
    {
        using var stream = new MemoryStream();
        ReportWriter.Write(data, stream);
        return stream.ToArray();
    }

    [GeneratedRegex("""(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'`)]*""", RegexOptions.IgnoreCase)]
    private static partial Regex Urls();
}
