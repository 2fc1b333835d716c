using System.CommandLine;
using System.Globalization;
using System.Text;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Cli.Rows.Verbs;
using Elbo.Data;
using Elbo.Storage;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo decode-states</c>: the hidden states of sequences.</summary>
internal sealed class DecodeStatesVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Argument<string> input = InputArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The table (.csv) or array (.npy) to write, one row per row. [default: a table on standard output]", false, ".csv", ".npy");
    private readonly Option<bool> posterior = new("--posterior") { Description = "Give the probability of each state at each row instead of the most likely path." };
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public DecodeStatesVerb(Terminal terminal)
        : base(
            "decode-states",
            "Find the states of a hidden Markov model: the most likely path of each sequence (Viterbi), or with --posterior each row's probabilities.",
            "elbo decode-states runs/hmm-counts-1 counts.csv -o states.csv",
            "elbo decode-states runs/hmm-counts-1 counts.csv --posterior")
    {
        Add(run);
        Add(input);
        foreach (Option option in (Option[])[output, posterior, folder, threads, json]) Add(option);
        SetAction(parse => Decode(terminal, parse));
    }

    private int Decode(Terminal terminal, ParseResult parse)
    {
        using RowRun rows = RowRun.Require(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), "'elbo decode-states' finds the states of a hidden Markov model");
        string given = parse.GetRequiredValue(input);
        string? path = OutputFile.RequireFolder(parse.GetValue(output));
        if (!rows.Family.IsSequential) throw new UsageException($"'elbo decode-states' finds the states of a hidden Markov model, and '{rows.Folder.FullPath}' holds another model ({rows.Model.Title}); use 'elbo encode'.");
        if (parse.GetValue(posterior)) return RowVerbs.Encode(rows, given, parse.GetValue(folder), path, parse.GetValue(json), terminal);
        Observations observations = rows.Input(given, parse.GetValue(folder)).Rows;
        int[] states = rows.Family.DecodeStates(rows.Model, observations, rows.Runtime);
        if (path is null && parse.GetValue(json)) JsonOutput.Write(terminal.Out, writer => writer.WriteNumbers("states", states.Select(static state => (double)state)));
        else Write(path, states, terminal);
        if (path is not null) OutputFile.Report(terminal, parse.GetValue(json), path, states.Length, []);
        return ExitCode.Success;
    }

    private static void Write(string? path, int[] states, Terminal terminal)
    {
        if (path is not null && OutputFile.Is(path, ".npy"))
        {
            Npy.Save(path, NumericArray.From<int>(states, states.Length));
            return;
        }

        StringBuilder text = new("state\n");
        foreach (int state in states) text.Append(state.ToString(CultureInfo.InvariantCulture)).Append('\n');
        RowOutput.Write(path, text, terminal);
    }
}
