using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests.Families;

/// <summary>Mistakes that a stranger made with tables of rows, and what the tool says.</summary>
public sealed class RowMistakesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_does_not_replace_the_rows_it_was_made_from_and_bad_rows_are_named_by_their_line()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["rows.csv"], "n,m\n1,2\n3,1\n2,2\n", Cancellation);
        (await ToolRun.Of("fit", "poisson-mixture", folder["rows.csv"], "--components", "1", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        (await ToolRun.Of("score", folder["run"], folder["rows.csv"], "-o", folder["rows.csv"])).Refused(ExitCode.Usage, "is the input too", "choose another file");
        Assert.Equal("n,m\n1,2\n3,1\n2,2\n", await File.ReadAllTextAsync(folder["rows.csv"], Cancellation));
        (await ToolRun.Of("sample", folder["run"], "-n", "3")).Refused(ExitCode.Usage, "needs --output");

        await File.WriteAllTextAsync(folder["bad.csv"], "n,m\n\n1,2\n-3,1\n", Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["bad.csv"])).Refused(ExitCode.Failure, "Line 4, column 'n'", "-3");
        await File.WriteAllTextAsync(folder["bad.csv"], "id,n\n1,2\n,3\n", Cancellation);
        (await ToolRun.Of("fit", "hmm", folder["bad.csv"], "--states", "1", "--sequence-column", "id", "--out", folder.Root)).Refused(ExitCode.Failure, "no sequence in line 3, column 1 ('id')");
        await File.WriteAllTextAsync(folder["bad.csv"], "n,m\n1,2\n2,1e308\n", Cancellation);
        (await ToolRun.Of("fit", "gmm", folder["bad.csv"], "--components", "1", "--out", folder.Root)).Refused(ExitCode.Failure, "Line 3 of", "1E+308", "another unit");
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_run_and_rows_that_moved_away_are_named()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["rows.csv"], "n,m\n1,2\n3,1\n2,2\n", Cancellation);
        (await ToolRun.Of("fit", "poisson-mixture", folder["rows.csv"], "--components", "1", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        (await ToolRun.Of("score", folder["rows.csv"], folder["rows.csv"])).Refused(ExitCode.Failure, "is a file, and a run folder was expected");
        File.Move(folder["rows.csv"], folder["moved.csv"]);
        (await ToolRun.Of("report", folder["run"])).Refused(ExitCode.Failure, "are not at", "rows.csv", "--data");
        (await ToolRun.Of("eval", folder["run"], "--data", folder["moved.csv"])).Succeeded();
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(20, false)]
    public async Task Measurements_in_the_place_of_categories_get_a_note(int values, bool noted)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllLinesAsync(folder["rows.csv"], ["size,kind", .. Enumerable.Range(0, 400).Select(i => FormattableString.Invariant($"{i % values + 0.25},{i % 3}"))], Cancellation);
        ToolRun run = await ToolRun.Of("fit", "latent-class", folder["rows.csv"], "--classes", "1", "--out", folder.Root);
        run.Succeeded();
        Assert.Equal(noted, run.Error.Contains("Column 'size' has 400 different values in 400 rows", StringComparison.Ordinal));
    }
}
