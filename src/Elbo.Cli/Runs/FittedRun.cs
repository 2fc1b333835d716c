using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Models.Autoencoders;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Runs;

/// <summary>A fitted model, opened from its run folder to be asked.</summary>
internal sealed class FittedRun : IDisposable
{
    private readonly string? dataFolder;
    private DataSplits? splits;
    private bool owns = true;

    private FittedRun(RunFolder folder, Recipe recipe, AutoencoderDefinition definition, Autoencoder model, Runtime runtime, VariableStore<float> store, string? dataFolder)
    {
        Folder = folder;
        Recipe = recipe;
        Definition = definition;
        Model = model;
        Runtime = runtime;
        Store = store;
        this.dataFolder = dataFolder;
    }

    public RunFolder Folder { get; }

    public Recipe Recipe { get; }

    /// <summary>The model's definition, complete.</summary>
    public AutoencoderDefinition Definition { get; }

    public Autoencoder Model { get; }

    public Runtime Runtime { get; }

    public VariableStore<float> Store { get; }

    /// <summary>The rows that the run was fitted on; loaded when first asked for.</summary>
    public DataSplits Splits => splits ??= RunData.Load(Recipe, dataFolder);

    public Evaluator<float> Evaluator => new(Runtime, Model, Store);

    /// <summary>Opens a run.</summary>
    /// <param name="path">The run folder, or its name inside <c>runs</c>.</param>
    /// <param name="threads">How many threads; null for one per processor.</param>
    /// <param name="dataFolder">Where named data sets are looked for first.</param>
    /// <param name="note">Told of what was wrong but could be mended.</param>
    /// <exception cref="ElboException">There is no run, or a file of it is damaged or does not fit the others.</exception>
    public static FittedRun Open(string path, int? threads, string? dataFolder, Action<string>? note)
    {
        RunFolder folder = RunFolder.Open(Locate(path));
        if (RowRun.TryReadRecipe(folder) is { } other)
            throw new ElboException($"'{folder.FullPath}' holds a model of the family '{other.Family}', and this verb walks through the latent space of an autoencoder; name a run of one.");
        Recipe recipe = ReadRecipe(folder);
        ModelDescription description = folder.ReadModel();
        if (description.Kind != ModelKind)
            throw new ElboException($"'{folder.ModelPath}' holds a model of kind '{description.Kind}', which this version does not know; use a newer elbo.");
        AutoencoderDefinition definition = StrictJson.Read(description.Definition, AutoencoderJson.Default.AutoencoderDefinition, folder.ModelPath);
        Runtime runtime = new(threads);
        VariableStore<float> store = new();
        try
        {
            // Where the output starts and how many rows were trained on matter to training alone.
            Autoencoder model = Autoencoder.Create(definition with { OutputAtDataMean = false }, Shape.Create([.. description.RowShape]), new DataStatistics(1));
            folder.LoadWeights(model.Parameters, store, note);
            return new FittedRun(folder, recipe, definition, model, runtime, store, dataFolder);
        }
        catch
        {
            store.Dispose();
            runtime.Dispose();
            throw;
        }
    }

    /// <summary>The run that was just trained, without reading it again; what it was made of stays its caller's.</summary>
    public static FittedRun From(RunFolder folder, Experiment experiment, Runtime runtime, VariableStore<float> store) =>
        new(folder, experiment.Recipe, experiment.Recipe.Model.Resolve(), experiment.Model, runtime, store, null) { splits = experiment.Splits, owns = false };

    /// <summary>What <c>model.json</c> calls the family.</summary>
    public const string ModelKind = "autoencoder";

    /// <summary>A run by its path, or by its name in the usual folder of runs.</summary>
    public static string Locate(string path)
    {
        if (File.Exists(path)) throw new ElboException($"'{path}' is a file, and a run folder was expected; the run comes first, then the rows.");
        if (Directory.Exists(path) || path.Contains('/', StringComparison.Ordinal)) return path;
        string usual = Path.Combine(DefaultFolder, path);
        if (Directory.Exists(usual)) return usual;
        if (!Directory.Exists(DefaultFolder)) return path;
        string[] runs = [.. Directory.GetDirectories(DefaultFolder).Select(static run => Path.GetFileName(run))];
        throw new ElboException($"The run '{path}' does not exist{NearestName.Suggestion(path, runs)}");
    }

    /// <summary>Where runs go unless told otherwise.</summary>
    public const string DefaultFolder = "runs";

    public static Recipe ReadRecipe(RunFolder folder)
    {
        try
        {
            return RecipeFile.Parse(folder.ReadRecipe(), folder.RecipePath);
        }
        catch (UsageException exception)
        {
            // Nobody typed this one: it is a damaged file, not a mistake on the command line.
            throw new ElboException(exception.Message, exception);
        }
    }

    /// <summary>Describes the model for <c>model.json</c>.</summary>
    public static ModelDescription Describe(AutoencoderDefinition definition, Shape rowShape)
    {
        using JsonDocument document = JsonDocument.Parse(definition.Resolve().ToJson());
        return new ModelDescription(ModelKind, [.. rowShape], document.RootElement.Clone());
    }

    /// <summary>Rows as the model sees them.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="asGiven">
    /// Whether grey values stay grey where the recipe binarises them: a score or code then depends on the row alone, not on a draw. The protocol of a
    /// measured bound wants the draw.
    /// </param>
    /// <exception cref="ElboException">They have another number of values, or values that the likelihood has no density for.</exception>
    public IRowSource Rows(DataSet data, bool asGiven = false)
    {
        if (data.RowLength != Model.RowShape.ElementCount)
            throw new ElboException($"'{data.Name}' has rows of shape [{string.Join(", ", data.RowShape.ToArray())}], and the model of '{Folder.FullPath}' takes {Model.RowShape}; give rows of that shape.");
        Experiment.CheckValues(Recipe, Definition.Likelihood!, data);
        Recipe seen = asGiven ? Recipe with { Data = Recipe.Data with { Binarization = Binarization.None } } : Recipe;
        return Experiment.Rows(seen, data, Model.RowShape);
    }

    public void Dispose()
    {
        if (!owns) return;
        Store.Dispose();
        Runtime.Dispose();
        Folder.Dispose();
    }
}
