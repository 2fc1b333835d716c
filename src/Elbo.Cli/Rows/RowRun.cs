using System.CommandLine;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>A fitted row model, opened from its run folder to be asked.</summary>
internal sealed class RowRun : IDisposable
{
    private readonly string? dataFolder;
    private readonly bool owns;
    private readonly SettingValues values;
    private LoadedObservations? rows;

    private RowRun(RunFolder folder, Family family, RowRecipe recipe, RowModel model, IReadOnlyList<int> rowShape, Runtime runtime, string? dataFolder, bool owns)
    {
        Folder = folder;
        Family = family;
        Recipe = recipe;
        Model = model;
        RowShape = rowShape;
        Runtime = runtime;
        this.dataFolder = dataFolder;
        this.owns = owns;
        values = SettingValues.FromRecipe(new CommonSettings(family).All, recipe.Options, folder.RecipePath);
    }

    public RunFolder Folder { get; }

    public Family Family { get; }

    public RowRecipe Recipe { get; }

    public RowModel Model { get; }

    /// <summary>The shape of a row, <c>[channels, height, width]</c> for images.</summary>
    public IReadOnlyList<int> RowShape { get; }

    public Runtime Runtime { get; }

    /// <summary>The rows that the run was fitted on; loaded when first asked for.</summary>
    public LoadedObservations Rows => rows ??= Family.Prepare(RowData.Load(Recipe, dataFolder), values);

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> ColumnNames => Recipe.Data.ColumnNames ?? [.. Enumerable.Range(0, Model.Columns).Select(static index => $"x{index}")];

    public bool IsImage => RowShape is [1 or 3, _, _];

    /// <summary>A value as the file that was fitted had it: a number, or the category that it stands for.</summary>
    public string Written(int column, double value) => Category(column, value) ?? RowOutput.Number(value);

    /// <summary>The category that a value stands for; null where it is a number.</summary>
    public string? Category(int column, double value)
    {
        if (double.IsNaN(value) || Recipe.Data.Categories?.GetValueOrDefault(ColumnNames[column]) is not { } categories) return null;
        return value >= 0 && value < categories.Count && value == Math.Floor(value) ? categories[(int)value] : null;
    }

    /// <summary>Opens a run of a row model.</summary>
    /// <param name="path">The run folder, or its name inside <c>runs</c>.</param>
    /// <param name="threads">How many threads; null for one per processor.</param>
    /// <param name="dataFolder">Where named data sets are looked for first.</param>
    /// <returns>The run; null where it is of another kind of model.</returns>
    /// <exception cref="ElboException">The fit has not ended yet, or a file is damaged or does not fit the others.</exception>
    public static RowRun? TryOpen(string path, int? threads, string? dataFolder)
    {
        RunFolder folder = RunFolder.Open(FittedRun.Locate(path));
        if (TryReadRecipe(folder) is not { } recipe) return null;
        Family family = FamilyList.Find(recipe.Family);
        if (!File.Exists(folder.ModelPath)) throw new ElboException($"The fit of '{folder.FullPath}' has not ended yet; go on with: elbo resume {folder.FullPath}.");
        (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(folder.FullPath);
        RowModel model = Load(family, description, parameters, folder);
        if (model.Kind != description.Kind) throw new ElboException($"'{folder.ModelPath}' holds a model of kind '{description.Kind}', and the recipe is for '{recipe.Family}'; repeat the run.");
        return new RowRun(folder, family, recipe, model, description.RowShape, new Runtime(threads), dataFolder, owns: true);
    }

    private static RowModel Load(Family family, ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters, RunFolder folder)
    {
        try
        {
            return family.Load(description.Definition, parameters);
        }
        catch (ElboException exception)
        {
            throw new ElboException($"The model in '{folder.FullPath}' cannot be read: {exception.Message.TrimEnd('.')}; repeat the run, or put its own model.json and model.safetensors back.", exception);
        }
    }

    /// <summary>Opens a run that must be of a row model.</summary>
    /// <param name="path">The run folder, or its name inside <c>runs</c>.</param>
    /// <param name="threads">How many threads; null for one per processor.</param>
    /// <param name="dataFolder">Where named data sets are looked for first.</param>
    /// <param name="why">What asks for it, to open the sentence.</param>
    /// <exception cref="ElboException">It is of another kind of model, or cannot be read.</exception>
    public static RowRun Require(string path, int? threads, string? dataFolder, string why) =>
        TryOpen(path, threads, dataFolder) ?? throw new ElboException($"{why}, and '{path}' holds an autoencoder; name a run of one of those.");

    /// <summary>The run that was just fitted; what it was made of stays its caller's.</summary>
    public static RowRun From(RunFolder folder, Family family, RowRecipe recipe, RowModel model, LoadedObservations rows, Runtime runtime) =>
        new(folder, family, recipe, model, rows.RowShape, runtime, null, owns: false) { rows = rows };

    /// <summary>The recipe of a run of a row model; null where the run is of another kind.</summary>
    public static RowRecipe? TryReadRecipe(RunFolder folder)
    {
        if (!File.Exists(folder.RecipePath)) return null;
        string json = folder.ReadRecipe();
        if (!RowRecipe.Is(json)) return null;
        try
        {
            return RowRecipe.Parse(json, folder.RecipePath);
        }
        catch (UsageException exception)
        {
            // Nobody typed this one: it is a damaged file, not a mistake on the command line.
            throw new ElboException(exception.Message, exception);
        }
    }

    /// <summary>Rows that a person names to the model; of a source with test rows these, since the model was not fitted on them.</summary>
    public LoadedObservations Input(string source, string? folder)
    {
        LoadedObservations loaded = ObservationSource.Load(source, InputOptions(folder) with { OptionalColumns = Family.OptionalColumns(values) });
        CheckColumns(loaded.Rows);
        return Family.Prepare(loaded, values);
    }

    /// <summary>How rows for the model are read: its columns by name where the file names them.</summary>
    public ObservationOptions InputOptions(string? folder) => Recipe.Data.Options(folder ?? Recipe.Made?.DataFolder) with
    {
        Columns = Recipe.Data.ColumnNames is null ? Recipe.Data.Columns : null,
        ModelColumns = Recipe.Data.ColumnNames ?? [],
        PreferTest = true,
    };

    /// <summary>Refuses rows of another width than the model's.</summary>
    public void CheckColumns(Observations given)
    {
        if (given.Columns != Model.Columns)
            throw new ElboException($"'{given.Name}' has rows of {given.Columns} columns, and the model of '{Folder.FullPath}' takes {Model.Columns}; give rows of that width.");
    }

    /// <summary>Refuses options that mean nothing for a row model.</summary>
    public static void Refuse(ParseResult parse, string why, params Option[] options)
    {
        if (options.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} does not go here: {why}; leave it out.");
    }

    public void Dispose()
    {
        if (!owns) return;
        Runtime.Dispose();
        Folder.Dispose();
    }
}
