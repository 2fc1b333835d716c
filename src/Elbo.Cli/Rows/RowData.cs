using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Rows;

/// <summary>Finds the rows that the recipe of a row model names.</summary>
internal static class RowData
{
    /// <summary>Loads the rows of a recipe, downloading a named set that is not on this machine yet.</summary>
    public static async Task<LoadedObservations> LoadAsync(RowDataRecipe data, string? folder, Terminal terminal, bool quiet, CancellationToken cancellation)
    {
        if (NamedSets.Find(data.Source) is { IsGenerated: false } set && set.Locate(DataFolders.InOrder(folder)) is null)
        {
            using DownloadReporter reporter = DownloadReporter.Create(terminal, quiet);
            using HttpClient client = new();
            await NamedSets.FetchAsync(set, folder ?? DataFolders.Cache, new Downloader(client), reporter, cancellation).ConfigureAwait(false);
        }

        LoadedObservations rows = ObservationSource.Load(data.Source, data.Options(folder));
        if (rows.Verified == false && !quiet) terminal.Error.WriteLine($"Note: the files of '{data.Source}' are not those published; figures may not compare.");
        return rows;
    }

    /// <summary>Loads the rows of a run and makes sure they are those it began with.</summary>
    /// <exception cref="ElboException">They are gone or have changed.</exception>
    public static LoadedObservations Load(RowRecipe recipe, string? folder)
    {
        if (NamedSets.Find(recipe.Data.Source) is null && !Path.Exists(recipe.Data.Source))
            throw new ElboException($"The rows that the run was fitted on are not at '{recipe.Data.Source}' any more; put them back. Verbs that take rows of your own still work, as does eval with --data.");
        LoadedObservations rows = ObservationSource.Load(recipe.Data.Source, recipe.Data.Options(folder ?? recipe.Made?.DataFolder));
        if (recipe.Made?.Rows is not { } known) return rows;
        if (rows.Rows.Rows != known.Train) throw new ElboException($"The rows of '{recipe.Data.Source}' have changed since the run began: there were {known.Train}, and there are {rows.Rows.Rows}; give the same rows, or fit anew.");
        if (RowFingerprint.Of(rows.Rows) != known.TrainSha256) throw new ElboException($"The rows of '{recipe.Data.Source}' have changed since the run began (their SHA-256 differs); give the same rows, or fit anew.");
        return rows;
    }

    /// <summary>What the rows were, for the record.</summary>
    public static RowsRecord Record(Observations rows) => new(checked((int)rows.Rows), 0, 0, RowFingerprint.Of(rows), "", "");
}
