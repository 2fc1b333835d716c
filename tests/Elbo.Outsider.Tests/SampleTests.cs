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
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        foreach (string argument in new[] { $"{name}.dll", "digits", "1" }) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> failure = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await failure);
        Match match = Regex.Match(output.TrimEnd().Split('\n')[^1].TrimEnd(), lastLine);
        Assert.True(match.Success, output);
        double[] numbers = [.. match.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
        // A decoder that knows nothing says ½ for each of 784 pixels: 543 nats. One epoch brings far more.
        Assert.InRange(numbers[0], -350, -100);
        Assert.Equal(numbers[1] - numbers[2], numbers[0], 0.02);
    }

    [Fact]
    public void The_whole_of_auto_encoding_variational_bayes_is_under_80_lines()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "samples", "aevb.cs"))) folder = Path.GetDirectoryName(folder);
        Assert.SkipWhen(folder is null, "the tests do not run inside the repository");
        Assert.InRange(File.ReadAllLines(Path.Combine(folder!, "samples", "aevb.cs")).Length, 1, 79);
    }
}
