using System.CommandLine;
using Elbo.Cli.Commands;
using Elbo.Cli.Hosting;
using Elbo.Data;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Objectives;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Cli.Recipes;

/// <summary>The options that change a recipe from the command line.</summary>
internal sealed class RecipeOptions
{
    public Option<int?> Latent { get; } = new Option<int?>("--latent", "-z") { Description = "The number of latent dimensions.", HelpName = "n" }.Within(1);

    public Option<double?> Epochs { get; } = new Option<double?>("--epochs", "-e") { Description = "How many times to go through the training rows.", HelpName = "n" }.Within(0, exclusive: true);

    public Option<int?> BatchSize { get; } = new Option<int?>("--batch-size", "-b") { Description = "Rows in a batch.", HelpName = "n" }.Within(1);

    public Option<double?> LearningRate { get; } = new Option<double?>("--learning-rate", "-l") { Description = "The optimizer's learning rate.", HelpName = "rate" }.Within(0, exclusive: true);

    public Option<double?> Beta { get; } = new Option<double?>("--beta") { Description = "The weight of the KL in what is trained; the reported ELBO always has weight 1.", HelpName = "weight" }.Within(0);

    public Option<string?> Hidden { get; } = new("--hidden") { Description = "The widths of the encoder's hidden layers, such as 500,200; the decoder mirrors them.", HelpName = "widths" };

    public Option<double?> Validation { get; } = new Option<double?>("--validation") { Description = "How many training rows to set aside for validation; below 1, which share of them.", HelpName = "rows" }.Within(0);

    public Option<string?> Binarize { get; } = new Option<string?>("--binarize") { Description = "How grey values become 0 and 1: none, fixed (drawn once) or dynamic (drawn in every epoch).", HelpName = "how" }.OneOf([.. Enum.GetValues<Binarization>().Select(NamedEnumConverter<Binarization>.Name)]);

    public Option<ulong?> Seed { get; } = CommonOptions.Seed("Decides the first weights, the order of rows and all noise. [default: the recipe's, 1]");

    public Option<string[]> Set { get; } = new("--set") { Description = "Change any value of the recipe, such as training.optimizer.learningRate=0.01; may be given again.", HelpName = "path=value" };

    /// <summary>All of them but the seed, which every kind of model has.</summary>
    public Option[] All => [Latent, Epochs, BatchSize, LearningRate, Beta, Hidden, Validation, Binarize, Set];

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Latent, Epochs, BatchSize, LearningRate, Beta, Hidden, Validation, Binarize, Seed, Set]) command.Add(option);
    }

    /// <summary>The recipe with what the command line changes.</summary>
    public Recipe Apply(Recipe recipe, ParseResult parse)
    {
        recipe = RecipePaths.Set(recipe, parse.GetValue(Set) ?? []);
        AutoencoderDefinition model = recipe.Model;
        TrainingOptions training = recipe.Training;
        DataRecipe data = recipe.Data;
        if (parse.GetValue(Latent) is { } latent) model = model with { Latent = latent };
        if (parse.GetValue(Hidden) is { } hidden) model = WithHidden(model, Widths(hidden));
        if (parse.GetValue(Beta) is { } beta) model = model with { Objective = WithBeta(model.Resolve().Objective!, beta) };
        if (parse.GetValue(Epochs) is { } epochs) training = training with { Epochs = epochs, Steps = null, Samples = null };
        if (parse.GetValue(BatchSize) is { } size) training = training with { BatchSize = size };
        if (parse.GetValue(LearningRate) is { } rate) training = training with { Optimizer = (training.Optimizer ?? new Adam()) with { LearningRate = rate } };
        if (parse.GetValue(Seed) is { } seed) training = training with { Seed = seed };
        if (parse.GetValue(Validation) is { } rows) data = data with { Validation = rows };
        if (parse.GetValue(Binarize) is { } how) data = data with { Binarization = NamedEnumConverter<Binarization>.Parse(how) };
        return recipe with { Model = model, Training = training, Data = data };
    }

    private static AutoencoderDefinition WithHidden(AutoencoderDefinition model, int[] widths)
    {
        NetworkDefinition encoder = model.Resolve().Encoder!;
        return model with
        {
            Encoder = encoder with { Hidden = widths },
            Decoder = model.Decoder is { } decoder ? decoder with { Hidden = [.. widths.Reverse()] } : null,
        };
    }

    private static Bound WithBeta(Bound objective, double beta) => objective is EvidenceLowerBound bound
        ? bound with { Beta = beta }
        : throw new UsageException($"--beta weighs the KL of the ELBO, and the recipe's objective is another ({objective.GetType().Name}); leave it out, or choose the objective with --set model.objective=elbo.");

    private static int[] Widths(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] widths = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out widths[i]) || widths[i] < 1)
                throw new UsageException($"--hidden needs widths of at least 1 with commas between, such as 500,200, but '{text}' was given.");
        }

        return widths;
    }
}
