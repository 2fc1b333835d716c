using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Runs;

/// <summary>Finds the rows that a recipe or a run names.</summary>
internal static class RunData
{
    /// <summary>Loads the rows of a recipe, downloading a named set that is not on this machine yet.</summary>
    public static async Task<DataSplits> LoadAsync(Recipe recipe, string? folder, Terminal terminal, bool quiet, CancellationToken cancellation)
    {
        using DownloadReporter reporter = DownloadReporter.Create(terminal, quiet);
        using HttpClient client = new();
        DataOptions options = recipe.Data.Options(folder);
        LoadedData data = await DataSource.LoadOrFetchAsync(recipe.Data.Source, options, new Downloader(client), reporter, cancellation).ConfigureAwait(false);
        if (data.Verified == false && !quiet)
            terminal.Error.WriteLine($"Note: the files of '{recipe.Data.Source}' are not those published; figures may not compare.");
        return DataSplits.Make(data, recipe.Data.Source, recipe.Data.SplitOptions(data.Train.Rows));
    }

    /// <summary>Loads the rows of a run and makes sure they are those it began with.</summary>
    public static DataSplits Load(Recipe recipe, string? folder)
    {
        string? where = folder ?? recipe.Made?.DataFolder;
        LoadedData data = DataSource.Load(recipe.Data.Source, recipe.Data.Options(where));
        DataSplits splits = DataSplits.Make(data, recipe.Data.Source, recipe.Data.SplitOptions(data.Train.Rows));
        recipe.Made?.Rows.ToSplit(recipe.Data).RequireSame(splits.Record);
        return splits;
    }

    /// <summary>A part of the rows by its name.</summary>
    public static DataSet Part(DataSplits splits, string name) => name switch
    {
        "train" => splits.Train,
        "test" => splits.Test ?? throw Missing(name),
        _ => splits.Validation ?? throw Missing(name),
    };

    /// <summary>The rows that a result is reported on: test rows where there are some, else validation rows, else the training rows.</summary>
    public static (string Name, DataSet Rows) Reported(DataSplits splits) =>
        splits.Test is { } test ? ("test", test) : splits.Validation is { } validation ? ("validation", validation) : ("train", splits.Train);

    /// <summary>A source as it is written down: a path in full, so that the run can be taken up from elsewhere.</summary>
    public static string Recorded(string source) => NamedSets.Find(source) is { } set ? set.Name : Path.GetFullPath(source);

    private static ElboException Missing(string name) =>
        new($"The run has no {name} rows; choose another part with --split, or fit with rows set aside for {(name == "test" ? "testing" : "validation")}.");
}
