using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Elbo.Outsider.Tests;

/// <summary>The sample programs compile with the solution and do what they say, here for one epoch on the built-in data.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("Aevb", @"^epoch 1: bound (-\d+\.\d\d), reconstruction (-\d+\.\d\d), KL (\d+\.\d\d) nats$")]
    [InlineData("Keras", @"^test: bound (-\d+\.\d\d) ± \d+\.\d\d, reconstruction (-\d+\.\d\d), KL (\d+\.\d\d) nats$")]
    public async Task A_sample_runs_and_prints_its_bound(string name, string lastLine)
    {
        string output = await Run(name, "digits", "1");
        Match match = Regex.Match(output.TrimEnd().Split('\n')[^1].TrimEnd(), lastLine);
        Assert.True(match.Success, output);
        double[] numbers = [.. match.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
        // A decoder that knows nothing says ½ for each of 784 pixels: 543 nats. One epoch brings far more.
        Assert.InRange(numbers[0], -350, -100);
        Assert.Equal(numbers[1] - numbers[2], numbers[0], 0.02);
    }

    [Fact]
    public async Task The_estimators_sample_prints_a_table_in_which_only_biased_estimators_stray()
    {
        string output = await Run("Estimators", "4000");
        string[] rows = [.. output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && !line.Contains("bias in errors", StringComparison.Ordinal))];
        Assert.True(rows.Length > 50, output);
        foreach (string row in rows)
        {
            bool biased = row.Contains("Gumbel", StringComparison.Ordinal) || row.Contains("straight-through", StringComparison.Ordinal);
            double errors = double.Parse(row.AsSpan(42, 15), CultureInfo.InvariantCulture);
            Assert.True(biased || errors < 5, row);
        }

        Assert.Contains(rows, row => row.Contains("straight-through", StringComparison.Ordinal) && double.Parse(row.AsSpan(42, 15), CultureInfo.InvariantCulture) > 20);
    }

    [Fact]
    public async Task The_mixture_sample_finds_two_clusters_fills_the_gap_and_scores_the_stray_row_lowest()
    {
        string[] lines = [.. (await Run("Mixture")).TrimEnd().Split('\n').Skip(1)];
        double[][] numbers = [.. lines.Select(line => Regex.Matches(line, @"-?\d+(\.\d+)?").Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Equal(7, numbers.Length);
        Assert.Equal(6, Array.IndexOf([.. numbers.Select(row => row[2])], numbers.Min(row => row[2])));
        Assert.All((int[])[1, 4, 6], n => Assert.Equal(numbers[0][3], numbers[n][3]));
        Assert.All((int[])[2, 3, 5], n => Assert.Equal(1 - numbers[0][3], numbers[n][3]));
        Assert.InRange(numbers[1][1], 1.5, 2.2);
    }

    [Fact]
    public void The_first_example_of_the_readme_is_the_mixture_sample()
    {
        string root = Root();
        string sample = File.ReadAllText(Path.Combine(root, "samples", "mixture.cs"));
        Assert.Contains(sample[sample.IndexOf("using ", StringComparison.Ordinal)..], File.ReadAllText(Path.Combine(root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_em_sample_judges_three_ways_of_learning_by_one_measure()
    {
        string[] lines = (await Run("Em", "50", "60")).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        foreach (string line in lines)
        {
            Match match = Regex.Match(line.TrimEnd(), @": ln p\(x\) (-\d+\.\d\d) nats, bound (-\d+\.\d\d)$");
            Assert.True(match.Success, line);
            double evidence = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), bound = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            // A decoder that knows nothing says ½ for each of 784 pixels: 543 nats.
            Assert.InRange(evidence, -520, -100);
            Assert.True(bound <= evidence, line);
        }
    }

    [Fact]
    public async Task The_kl_sample_draws_one_fit_that_covers_both_modes_and_two_that_choose_one()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        try
        {
            string picture = Path.Combine(folder, "kl.png");
            string output = await Run("Kl", picture);
            double[][] numbers = [.. output.Split('\n').Where(line => line.StartsWith("KL", StringComparison.Ordinal))
                .Select(line => Regex.Matches(line, @"-?\d+\.\d+").Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray())];
            Assert.Equal(3, numbers.Length);
            Assert.InRange(numbers[0][0], -0.3, 0.3);
            Assert.InRange(numbers[1][0], -2.1, -1.7);
            Assert.InRange(numbers[2][0], 1.7, 2.1);
            // One of two separate modes of equal weight misses half of the mass: KL = ln 2.
            Assert.Equal(-Math.Log(2), numbers[1][2], 0.02);
            Assert.True(numbers[0][2] < numbers[1][2]);
            Elbo.Storage.PixelImage image = Elbo.Storage.Png.Load(picture);
            Assert.Equal((744, 240, 3), (image.Width, image.Height, image.Channels));
            Assert.True(image.Samples.Distinct().Count() > 20);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_whole_of_auto_encoding_variational_bayes_is_under_80_lines()
    {
        Assert.InRange(File.ReadAllLines(Path.Combine(Root(), "samples", "aevb.cs")).Length, 1, 79);
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "samples", "aevb.cs"))) folder = Path.GetDirectoryName(folder);
        Assert.SkipWhen(folder is null, "the tests do not run inside the repository");
        return folder!;
    }

    private static async Task<string> Run(string name, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        foreach (string argument in new[] { $"{name}.dll" }.Concat(arguments)) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> failure = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await failure);
        return output;
    }
}
