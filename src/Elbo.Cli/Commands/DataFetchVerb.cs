using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Storage;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo data fetch</c>: downloads a named set, continuing where an earlier attempt stopped.</summary>
internal sealed class DataFetchVerb : Verb
{
    private readonly Argument<string> name = new("name") { Description = "The data set's name, as in 'elbo data list'." };
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public DataFetchVerb(Terminal terminal)
        : base("fetch", "Download a data set into the cache, or into --data-dir; an interrupted download continues.", "elbo data fetch mnist", "elbo data fetch cifar-10 --data-dir data")
    {
        Add(name);
        Add(folder);
        Add(json);
        Add(quiet);
        SetAction((parse, cancellation) => FetchAsync(terminal, parse, cancellation));
    }

    private async Task<int> FetchAsync(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        string wanted = parse.GetRequiredValue(name);
        NamedSet set = NamedSets.Find(wanted)
            ?? throw new UsageException($"'{wanted}' is not a data set known by name{NearestName.Suggestion(wanted, [.. NamedSets.All.Select(static known => known.Name)])}");
        IReadOnlyList<string> folders = DataFolders.InOrder(parse.GetValue(folder));
        bool fetched = false;
        if (!set.IsGenerated && set.Locate(folders) is null)
        {
            using DownloadReporter reporter = DownloadReporter.Create(terminal, parse.GetValue(quiet));
            using HttpClient client = new();
            await NamedSets.FetchAsync(set, folders[0] == parse.GetValue(folder) ? folders[0] : DataFolders.Cache, new Downloader(client), reporter, cancellation).ConfigureAwait(false);
            fetched = true;
        }

        string place = DataListVerb.Place(set, folders) ?? DataFolders.Cache;
        if (parse.GetValue(json))
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteString("name", set.Name);
                writer.WriteBoolean("fetched", fetched);
                writer.WriteString("where", place);
            });
        }
        else if (set.IsGenerated)
        {
            terminal.Out.WriteLine($"{set.Name} is drawn at run time; there is nothing to download.");
        }
        else
        {
            terminal.Out.WriteLine($"{set.Name} is {(fetched ? "now" : "already")} in {place}");
        }

        return ExitCode.Success;
    }
}
