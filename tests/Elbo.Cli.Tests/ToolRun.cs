using System.Text.Json;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests;

/// <summary>One run of the tool in this process: what it returned and what it wrote.</summary>
internal sealed record ToolRun(int Code, string Out, string Error)
{
    public static async Task<ToolRun> Of(IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        using StringWriter output = new(), error = new();
        int code = await ToolHost.RunAsync(arguments, new Terminal(output, error, IsInteractive: false), cancellation);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    public static Task<ToolRun> Of(params string[] arguments) => Of((IReadOnlyList<string>)arguments);

    public JsonElement Json => JsonElement.Parse(Out);

    /// <summary>The run succeeded; else the test fails with what the tool said.</summary>
    public ToolRun Succeeded()
    {
        Assert.True(Code == ExitCode.Success, $"exit code {Code}: {Error}");
        return this;
    }

    /// <summary>The run failed with a code and one clear sentence that holds some words, and no stack trace.</summary>
    public void Refused(int code, params string[] words)
    {
        Assert.True(Code == code, $"exit code {Code}, not {code}: {Error}");
        string sentence = Assert.Single(Error.TrimEnd('\n').Split('\n'), static line => line.StartsWith("elbo: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("inside elbo", Error, StringComparison.Ordinal);
        Assert.True(sentence.EndsWith('.') || sentence.EndsWith('?') || sentence.EndsWith(')'), sentence);
        foreach (string word in words) Assert.Contains(word, sentence, StringComparison.Ordinal);
    }
}
