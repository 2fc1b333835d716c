using System.CommandLine;
using System.Globalization;
using Elbo.Cli.Hosting;
using Elbo.Cli.Machine;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo doctor</c>: what this machine offers, and what is missing.</summary>
internal sealed class DoctorVerb : Verb
{
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public DoctorVerb(Terminal terminal)
        : base("doctor", "Show versions, processor, measured speed, memory and the data sets found.", "elbo doctor", "elbo doctor --json")
    {
        Add(folder);
        Add(threads);
        Add(json);
        SetAction(parse =>
        {
            Findings findings = Findings.Collect(parse.GetValue(folder), parse.GetValue(threads));
            if (parse.GetValue(json)) WriteJson(terminal.Out, findings);
            else WriteTable(terminal.Out, findings);
        });
    }

    private static void WriteTable(TextWriter output, Findings found)
    {
        TextTable table = new();
        table.Add("elbo", ToolVersion.Full);
        table.Add(".NET", found.Machine.Runtime);
        table.Add("system", found.Machine.System);
        table.Add("processor", $"{found.Machine.Processor}, {found.Machine.Threads} threads");
        table.Add("vectors", found.Machine.VectorBits >= 256 ? found.Machine.Vectors : $"{found.Machine.Vectors}: fitting is much faster on a processor with 256 or 512 bits");
        table.Add("matrix products", string.Create(CultureInfo.InvariantCulture, $"{found.OneThreadGflops:0} GFLOP/s on one thread, {found.AllThreadsGflops:0} on {found.Threads} (single precision, measured)"));
        table.Add("memory", Text.Bytes(found.Machine.MemoryBytes));
        table.Add("data cache", $"{DataFolders.Cache}{(found.CacheFreeBytes is { } free ? $" ({Text.Bytes(free)} free)" : "")}");
        table.Add(DataFolders.Variable, Environment.GetEnvironmentVariable(DataFolders.Variable) is { Length: > 0 } named ? named + (Directory.Exists(named) ? "" : " (there is no such folder)") : "not set");
        foreach ((NamedSet set, string? place) in found.DataSets)
            table.Add($"data {set.Name}", place ?? $"not here: elbo data fetch {set.Name}");
        table.Add("run time needs", "nothing else: no Python, no native library, no Node.js, no browser");
        table.Write(output);
    }

    private static void WriteJson(TextWriter output, Findings found) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("version", ToolVersion.Full);
        writer.WriteString("runtime", found.Machine.Runtime);
        writer.WriteString("system", found.Machine.System);
        writer.WriteString("processor", found.Machine.Processor);
        writer.WriteNumber("processors", found.Machine.Threads);
        writer.WriteNumber("vectorBits", found.Machine.VectorBits);
        writer.WriteNumber("memoryBytes", found.Machine.MemoryBytes);
        writer.WriteFinite("oneThreadGflops", found.OneThreadGflops);
        writer.WriteFinite("allThreadsGflops", found.AllThreadsGflops);
        writer.WriteNumber("threads", found.Threads);
        writer.WriteString("cache", DataFolders.Cache);
        writer.WriteStartObject("dataSets");
        foreach ((NamedSet set, string? place) in found.DataSets) writer.WriteString(set.Name, place);
        writer.WriteEndObject();
    });

    private sealed record Findings(
        MachineFacts Machine, int Threads, double OneThreadGflops, double AllThreadsGflops, long? CacheFreeBytes, IReadOnlyList<(NamedSet Set, string? Place)> DataSets)
    {
        public static Findings Collect(string? folder, int? threads)
        {
            IReadOnlyList<string> folders = DataFolders.InOrder(folder);
            int count = threads ?? Environment.ProcessorCount;
            return new Findings(
                MachineFacts.Read(),
                count,
                MachinePeak.MeasureMatrixGflops(1),
                MachinePeak.MeasureMatrixGflops(count),
                FreeBytes(DataFolders.Cache),
                [.. NamedSets.All.Select(set => (set, DataListVerb.Place(set, folders)))]);
        }

        private static long? FreeBytes(string path)
        {
            string? existing = path;
            while (existing is not null && !Directory.Exists(existing)) existing = Path.GetDirectoryName(existing);
            try
            {
                return existing is null ? null : new DriveInfo(existing).AvailableFreeSpace;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return null;
            }
        }
    }
}
