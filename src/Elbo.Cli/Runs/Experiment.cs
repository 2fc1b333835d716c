using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Models.Autoencoders;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Cli.Runs;

/// <summary>A recipe and its rows, checked against each other: the model, and the rows as it sees them.</summary>
internal sealed class Experiment
{
    private Experiment(Recipe recipe, DataSplits splits, Autoencoder model)
    {
        Recipe = recipe;
        Splits = splits;
        Model = model;
    }

    public Recipe Recipe { get; }

    public DataSplits Splits { get; }

    public Autoencoder Model { get; }

    /// <summary>Builds the model for the rows.</summary>
    /// <exception cref="UsageException">The recipe makes no sense, by itself or for these rows.</exception>
    /// <exception cref="ElboException">The rows hold values that the likelihood has no density for.</exception>
    public static Experiment Prepare(Recipe recipe, DataSplits splits)
    {
        AutoencoderDefinition definition = recipe.Model.Resolve();
        CheckValues(recipe, definition.Likelihood!, splits.Train);
        if (splits.Validation is { } validation) CheckValues(recipe, definition.Likelihood!, validation);
        if (splits.Test is { } test) CheckValues(recipe, definition.Likelihood!, test);
        double[] mean = splits.Train.Mean();
        for (int i = 0; i < mean.Length; i++) mean[i] += recipe.Data.Shift;
        Autoencoder model = UsageException.Guard(() => Autoencoder.Create(definition, Shape.Create(splits.Train.RowShape), new DataStatistics(splits.Train.Rows, mean)));
        return new Experiment(recipe, splits, model);
    }

    /// <summary>Refuses rows with values that the likelihood has no density for.</summary>
    public static void CheckValues(Recipe recipe, Likelihood likelihood, DataSet data)
    {
        (double minimum, double maximum) = likelihood.Support;
        data.RequireRange(minimum - recipe.Data.Shift, maximum - recipe.Data.Shift, $"the {likelihood.Title} likelihood");
    }

    public IBatchSource TrainingBatches() => Shift(new DataSetBatches(Splits.Train, BatchOptions(Recipe)));

    public IBatchSource? ValidationBatches() => Splits.Validation is { } rows ? Shift(new EvaluationBatches(rows, BatchOptions(Recipe) with { BatchSize = 500 })) : null;

    public IRowSource Rows(DataSet data) => Rows(Recipe, data, Model.RowShape);

    public static IRowSource Rows(Recipe recipe, DataSet data, Shape rowShape, bool damaged = false) =>
        new PreparedRows(data, rowShape, BatchOptions(recipe), recipe.Data.Shift, damaged);

    public static BatchOptions BatchOptions(Recipe recipe) => new()
    {
        BatchSize = recipe.Training.BatchSize,
        Seed = recipe.Training.Seed,
        Binarization = recipe.Data.Binarization,
        Corruption = recipe.Data.Corruption?.Create(),
    };

    private IBatchSource Shift(IBatchSource batches) => Recipe.Data.Shift == 0 ? batches : new ShiftedBatches(batches, (float)Recipe.Data.Shift);
}
