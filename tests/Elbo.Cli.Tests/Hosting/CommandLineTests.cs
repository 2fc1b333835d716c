using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests.Hosting;

public class CommandLineTests
{
    [Theory]
    [InlineData("dta list", "'dta'", "did you mean 'data'?")]
    [InlineData("data lst", "'lst'", "did you mean 'list'?")]
    [InlineData("doctor --jsn", "'--jsn'", "did you mean '--json'?")]
    [InlineData("data info -x", "'-x'", "not an option")]
    [InlineData("data info --jsn", "'--jsn'", "did you mean '--json'?")]
    [InlineData("doctor --threads many", "--threads", "a whole number")]
    [InlineData("doctor --threads 0", "--threads", "from 1 to 1024")]
    [InlineData("doctor --threads", "--threads", "needs a value")]
    [InlineData("data info", "<data>", "--help")]
    [InlineData("data", "list, info, fetch", "--help")]
    [InlineData("evl --help", "'evl'", "did you mean 'eval'?")]
    [InlineData("data lst --help", "'lst'", "did you mean 'list'?")]
    [InlineData("data info a b", "'b'", "one argument more")]
    public async Task A_command_line_without_sense_is_refused_in_one_sentence(string line, params string[] words) =>
        (await ToolRun.Of(line.Split(' '))).Refused(ExitCode.Usage, words);

    [Theory]
    [InlineData("eval", "")]
    [InlineData("score", "run", " ")]
    [InlineData("fit", "digits", "--out", "")]
    [InlineData("fit", "")]
    public async Task An_empty_word_is_refused_by_the_name_of_what_it_stands_for(params string[] words) =>
        (await ToolRun.Of(words)).Refused(ExitCode.Usage, words.Contains("--out") ? "--out" : words[0] switch { "eval" => "<run>", "score" => "<input>", _ => "<data>" }, "empty");

    [Fact]
    public async Task The_version_is_printed()
    {
        ToolRun run = (await ToolRun.Of("--version")).Succeeded();
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", run.Out);
    }

    [Fact]
    public async Task Every_verb_explains_itself_with_an_example()
    {
        ToolRun root = (await ToolRun.Of()).Succeeded();
        Terminal terminal = new(TextWriter.Null, TextWriter.Null, false);
        foreach (System.CommandLine.Command verb in Commands(Cli.Commands.Root.Create(terminal)))
        {
            string[] path = [.. Path(verb)];
            ToolRun help = (await ToolRun.Of([.. path, "--help"])).Succeeded();
            Assert.Contains("Example", help.Out, StringComparison.Ordinal);
            Assert.Contains($"  elbo {string.Join(' ', path)}".TrimEnd(), help.Out, StringComparison.Ordinal);
            Assert.All(verb.Options, static option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        }

        Assert.Contains("doctor", root.Out, StringComparison.Ordinal);
    }

    private static IEnumerable<System.CommandLine.Command> Commands(System.CommandLine.Command command) =>
        [command, .. command.Subcommands.SelectMany(Commands)];

    private static IEnumerable<string> Path(System.CommandLine.Command command) =>
        command.Parents.FirstOrDefault() is System.CommandLine.Command parent ? [.. Path(parent), command.Name] : [];
}
