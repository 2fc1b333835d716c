using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Reproduction;
using Elbo.Cli.Studies;
using Elbo.Cli.Studies.Estimators;
using Elbo.Objectives;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Commands;

public class StudyTests
{
    [Fact]
    public async Task Studies_are_listed_shown_and_told_from_recipes()
    {
        foreach (string[] arguments in new[] { new[] { "reproduce" }, ["recipes", "list"] })
        {
            Assert.Contains("\nestimators ", (await ToolRun.Of(arguments)).Succeeded().Out, StringComparison.Ordinal);
            Assert.Equal("estimators", (await ToolRun.Of([.. arguments, "--json"])).Succeeded().Json.GetProperty("studies")[0].GetProperty("name").GetString());
        }

        Assert.Contains("elbo reproduce estimators", (await ToolRun.Of("recipes", "show", "estimators")).Succeeded().Out, StringComparison.Ordinal);
        (await ToolRun.Of("fit", "--recipe", "estimators")).Refused(ExitCode.Usage, "elbo reproduce estimators");
        (await ToolRun.Of("reproduce", "estimators", "--latent", "3")).Refused(ExitCode.Usage, "--latent", "study");
        (await ToolRun.Of("reproduce", "estimator")).Refused(ExitCode.Usage, "did you mean 'estimators'?");
        (await ToolRun.Of("recipes", "show", "estimator")).Refused(ExitCode.Usage, "did you mean 'estimators'?");
    }

    [Fact]
    public async Task A_study_writes_its_folder_and_its_section_goes_on_where_it_was_stopped_and_refuses_what_it_is_not()
    {
        using TemporaryFolder folder = new();
        string page = folder["page.md"];
        File.WriteAllText(page, "# Results\n\n## Counting\n\nold\n\n## After\n\nstays\n");
        CountingStudy study = new() { StopsAt = 2 };
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, IsInteractive: false);
        StudyPlace place = new(folder.Root, "mine", Document: page);
        Assert.Equal(ExitCode.Interrupted, await StudyRunner.RunAsync(study, new StudyRequest(), place, terminal, default));
        string run = Path.Combine(folder.Root, "mine");
        Assert.Contains($"elbo reproduce counting --run {run}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("old", File.ReadAllText(page), StringComparison.Ordinal);

        study.StopsAt = int.MaxValue;
        File.WriteAllText(Path.Combine(run, "seconds"), "3600");
        Assert.Equal(ExitCode.Success, await StudyRunner.RunAsync(study, new StudyRequest(), place with { Run = run, Json = true }, terminal, default));
        Assert.Contains("`elbo reproduce counting`, 1 h 0 min on ", File.ReadAllText(page), StringComparison.Ordinal);
        // One, then two in which it stopped, then from two on.
        Assert.Equal([1, 2, 2, 3], study.Visited);
        JsonElement result = JsonElement.Parse(output.ToString());
        Assert.Equal(3, result.GetProperty("count").GetInt32());
        Assert.Equal(output.ToString(), File.ReadAllText(Path.Combine(run, "result.json")));
        Assert.Contains("Counting", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(page);
        Assert.DoesNotContain("old", lines);
        Assert.Contains("- Counted to 3.", lines);
        Assert.Equal(["## Counting", "## After"], lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Equal("stays", lines[^1]);

        UsageException other = await Assert.ThrowsAsync<UsageException>(() => StudyRunner.RunAsync(study, new StudyRequest(Short: true), place with { Run = run }, terminal, default));
        Assert.Contains("the study 'counting' with seed 1", other.Message, StringComparison.Ordinal);
        Assert.Contains("the shorter form", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_verbs_say_that_a_study_has_no_model()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["mine"]);
        await File.WriteAllTextAsync(folder["mine/recipe.json"], new StudyMark("estimators", false, 1).Write(), TestContext.Current.CancellationToken);
        (await ToolRun.Of("eval", folder["mine"])).Refused(ExitCode.Failure, "study 'estimators'", "elbo reproduce estimators");
        (await ToolRun.Of("resume", folder["mine"])).Refused(ExitCode.Failure, "study 'estimators'", "--run");
    }

    [Fact]
    public void A_line_of_a_recipe_joins_its_table_wherever_the_page_has_it()
    {
        using TemporaryFolder folder = new();
        string page = folder["page.md"];
        File.WriteAllText(page, "# Results\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        ReproductionDocument.ReplaceSection(page, "Counting", ["words"]);
        Assert.Equal("# Results\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Counting\n\nwords\n", File.ReadAllText(page));
        ReproductionDocument.ReplaceSection(page, "Counting", ["other words"]);
        Assert.EndsWith("## Counting\n\nother words\n", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.DoesNotContain("\nwords\n", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_estimators_is_sorted_by_variance_and_says_which_are_biased()
    {
        EstimatorResult result = new(EstimatorComparison.Run([StandardProblems.Toy(0.3, 0.2), StandardProblems.Quadratic()], 8192, seed: 3, warmUp: 20));
        Assert.True(result.Findings[0].StartsWith($"All {result.Rows.Count(row => row.IsUnbiased)} measurements", StringComparison.Ordinal), $"seed 3: {result.Findings[0]}");
        using StringWriter text = new();
        result.WriteTable(text);
        string[] lines = text.ToString().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("straight-through ", StringComparison.Ordinal) && line.TrimEnd().EndsWith(" biased", StringComparison.Ordinal));
        // Gumbel-softmax at λ = 0.1 is nearly unbiased, and so few draws do not tell.
        Assert.Contains(lines, line => line.StartsWith("Gumbel-softmax, λ = 1 ", StringComparison.Ordinal) && line.TrimEnd().EndsWith(" biased", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("STRAYS", StringComparison.Ordinal));
        string[] normal = [.. lines.SkipWhile(line => !line.StartsWith("(x + 3)²", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.Trim().Length > 0).Select(line => line.Split("  ")[0])];
        Assert.Equal("reparameterised", normal[0]);
        Assert.Equal("score function", normal[^1]);

        List<string> markdown = [.. result.Markdown()];
        Assert.Equal(result.Rows.Count, markdown.Count(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Count(letter => letter == '|') == 10 && !line.Contains("estimator |", StringComparison.Ordinal)));
        Assert.Contains(markdown, line => line.Contains("arXiv 1703.07370", StringComparison.Ordinal));
        IntervalsSection section = Assert.Single(result.Sections.OfType<IntervalsSection>());
        Assert.Equal(4, section.Panels.Count);
        Assert.Equal(section.Panels[0].Intervals.Select(interval => interval.Name), section.Panels[1].Intervals.Select(interval => interval.Name));
        Assert.Equal(section.Panels[0].Intervals.Select(interval => interval.Value).Order(), section.Panels[0].Intervals.Select(interval => interval.Value));
        ReportWriter.Write(new ReportData { Header = new ReportHeader { RunName = "e", Title = "t", Summary = "s", DataSet = "d", Created = DateTimeOffset.UnixEpoch }, Sections = result.Sections }, Stream.Null);
    }

    private sealed class CountingStudy : Study
    {
        public int StopsAt { get; set; }

        public List<int> Visited { get; } = [];

        public override string Name => "counting";

        public override string Title => "Counting";

        public override string Source => "nowhere";

        public override string Data => "numbers";

        public override string Protocol => "Counts to three.";

        public override string DefaultDocument => "no-such-page.md";

        public override Task<StudyResult> RunAsync(StudyRequest request, RunFolder folder, Terminal terminal, CancellationToken cancellation)
        {
            string kept = Path.Combine(folder.FullPath, "kept");
            int from = File.Exists(kept) ? int.Parse(File.ReadAllText(kept), System.Globalization.CultureInfo.InvariantCulture) : 0;
            for (int i = from + 1; i <= 3; i++)
            {
                Visited.Add(i);
                if (i == StopsAt) throw new OperationCanceledException();
                File.WriteAllText(kept, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            return Task.FromResult<StudyResult>(new CountingResult());
        }
    }

    private sealed class CountingResult : StudyResult
    {
        public override IReadOnlyList<string> Findings => ["Counted to 3."];

        public override bool Holds => true;

        public override IReadOnlyList<HeadlineNumber> Numbers => [];

        public override IReadOnlyList<ReportSection> Sections => [];

        public override void WriteTable(TextWriter output) => output.WriteLine("1 2 3");

        public override void WriteJson(Utf8JsonWriter writer) => writer.WriteNumber("count", 3);

        public override IEnumerable<string> Markdown() => ["| 1 | 2 | 3 |"];
    }
}
