using System.Globalization;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Models.Autoencoders;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Cli.Runs;

/// <summary>A run that ended, and how to print it.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Report">The report's path.</param>
/// <param name="Model">The model and the rows in a line.</param>
/// <param name="Summary">What it came to.</param>
internal sealed record TrainedRun(string Folder, string Report, string Model, RunSummary Summary)
{
    /// <summary>What a person should know of it besides; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>What failed once the model was saved and measured, such as the report; null for nothing.</summary>
    public ElboException? Failure { get; init; }

    /// <summary>Prints the result, then the remark, and fails with what failed after it.</summary>
    public int Finish(Terminal terminal, bool json)
    {
        Print(terminal.Out, json);
        if (Remark is not null) terminal.Error.WriteLine(Remark);
        return Failure is null ? ExitCode.Success : throw Failure;
    }

    /// <summary>The model and its rows in a line.</summary>
    public static string Describe(Experiment experiment)
    {
        AutoencoderDefinition definition = experiment.Recipe.Model.Resolve();
        long parameters = experiment.Model.Parameters.Sum(static parameter => (long)parameter.Shape.ElementCount);
        DataSet rows = experiment.Splits.Train;
        return $"{ModelTitle(definition)}, {Text.Count(parameters)} parameters, on {Text.Count(rows.Rows)} rows of {Text.Extents(rows.RowShape.ToArray())} ({experiment.Recipe.Data.Source})";
    }

    /// <summary>The model's name in prose.</summary>
    public static string ModelTitle(AutoencoderDefinition definition)
    {
        string title = AutoencoderPreset.Find(definition.Preset ?? "vae").Title.Split([';', ','])[0];
        return $"{title}, {definition.Latent} latent dimension{(definition.Latent == 1 ? "" : "s")}";
    }

    public void Print(TextWriter output, bool json)
    {
        if (json) PrintJson(output);
        else PrintTable(output);
    }

    private void PrintTable(TextWriter output)
    {
        TextTable table = new();
        table.Add("run", Folder);
        table.Add("model", Model);
        if (Summary.Elbo is { } elbo)
            table.Add("ELBO", $"{Text.Nats(elbo)} nats on {Text.Count(Summary.Rows)} {Summary.Split} rows = reconstruction {Text.Nats(Summary.Reconstruction)} - KL {Text.Nats(Summary.Kl!.Value)}");
        else
            table.Add("reconstruction", $"{Text.Nats(Summary.Reconstruction)} nats on {Text.Count(Summary.Rows)} {Summary.Split} rows");
        if (Summary.LogLikelihood is { } likelihood)
            table.Add("log p(x)", $"{Text.Nats(likelihood)} ± {Text.Nats(Summary.StandardError ?? 0)} nats from {Text.Count(Summary.ImportanceSamples ?? 0)} importance samples");
        table.Add("active units", string.Create(CultureInfo.InvariantCulture, $"{Summary.ActiveUnits} of {Summary.LatentVariance.Count}"));
        table.Add("training", $"{Text.Number(Summary.Epochs)} {(Summary.Epochs == 1 ? "epoch" : "epochs")} in {Text.Time(TimeSpan.FromSeconds(Summary.Seconds))}{(Summary.RowsPerSecond > 0 ? $" ({Text.Count((long)Summary.RowsPerSecond)} rows/s)" : "")}. {Summary.Explanation}");
        if (Failure is null && File.Exists(Report)) table.Add("report", Report);
        table.Write(output);
    }

    private void PrintJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("run", Folder);
        if (Failure is null && File.Exists(Report)) writer.WriteString("report", Report);
        writer.WriteString("split", Summary.Split);
        writer.WriteNumber("rows", Summary.Rows);
        if (Summary.Elbo is { } elbo) writer.WriteFinite("elbo", elbo);
        writer.WriteFinite("reconstruction", Summary.Reconstruction);
        if (Summary.Kl is { } kl) writer.WriteFinite("kl", kl);
        if (Summary.LogLikelihood is { } likelihood) writer.WriteFinite("logLikelihood", likelihood);
        if (Summary.StandardError is { } error) writer.WriteFinite("standardError", error);
        if (Summary.EffectiveSampleSize is { } size) writer.WriteFinite("effectiveSampleSize", size);
        writer.WriteNumber("activeUnits", Summary.ActiveUnits);
        writer.WriteFinite("epochs", Summary.Epochs);
        writer.WriteNumber("steps", Summary.Steps);
        writer.WriteNumber("parameters", Summary.Parameters);
        writer.WriteFinite("seconds", Summary.Seconds);
        writer.WriteFinite("rowsPerSecond", Summary.RowsPerSecond);
        writer.WriteString("reason", NamedEnumConverter<StopReason>.Name(Summary.Reason));
        writer.WriteString("explanation", Summary.Explanation);
    });
}
