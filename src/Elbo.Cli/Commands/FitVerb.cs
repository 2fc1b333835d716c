using System.CommandLine;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Cli.Rows;
using Elbo.Cli.Runs;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo fit</c>: fits a model, and leaves a run folder with a report.</summary>
internal sealed class FitVerb : Verb
{
    private readonly Argument<string?> source = new("data") { Description = "A data set's name, a file or a folder. [default: the recipe's; without any, the built-in digits]", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> recipe = new("--recipe", "-r") { Description = "A recipe's name, as in 'elbo recipes list', or a file.", HelpName = "name", DefaultValueFactory = static _ => RecipeCatalog.Default };
    private readonly Option<string?> name = new("--name", "-n") { Description = "The run's name. [default: made of recipe, data and a number]", HelpName = "name" };
    private readonly Option<string> runs = new("--out") { Description = "The folder that run folders go into.", HelpName = "folder", DefaultValueFactory = static _ => FittedRun.DefaultFolder };
    private readonly RecipeOptions changes = new();
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public FitVerb(Terminal terminal)
        : base(
            "fit",
            "Fit a model to data. Leaves a run folder with the model, its metrics and a report.",
            "elbo fit",
            "elbo fit mnist --recipe vae --latent 2 --epochs 50",
            "elbo fit images.npy --name first --validation 1000 --set training.earlyStopping.patience=5")
    {
        Add(source);
        Add(recipe);
        changes.AddTo(this);
        Add(name);
        Add(runs);
        Add(folder);
        Add(threads);
        Add(json);
        Add(quiet);
        foreach (Family family in FamilyList.Create()) Add(new FamilyVerb(family, terminal));
        SetAction((parse, cancellation) => FitAsync(terminal, parse, cancellation));
    }

    private async Task<int> FitAsync(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        string recipeName = parse.GetValue(recipe)!;
        if (File.Exists(recipeName) && await File.ReadAllTextAsync(recipeName, cancellation).ConfigureAwait(false) is var text && RowRecipe.Is(text))
            return await FitRowsAsync(RowRecipe.Parse(text, recipeName), recipeName, terminal, parse, cancellation).ConfigureAwait(false);
        Recipe chosen = changes.Apply(RecipeCatalog.Load(recipeName), parse);
        string wanted = parse.GetValue(source) ?? chosen.Data.Source;
        chosen = chosen with { Data = chosen.Data with { Source = wanted }, Made = null };
        RecipeFile.Parse(RecipeFile.Write(chosen), RecipeCatalog.Title(recipeName));

        RunRequest request = new(
            chosen,
            RecipeCatalog.Names.Contains(recipeName) ? recipeName : Path.GetFullPath(recipeName),
            parse.GetValue(runs)!,
            parse.GetValue(name),
            Names.Prefix(Path.GetFileNameWithoutExtension(recipeName), wanted),
            parse.GetValue(folder),
            parse.GetValue(threads),
            TypedCommand.Of(parse),
            parse.GetValue(quiet));
        TrainedRun? trained = await RunTrainer.FitAsync(request, terminal, cancellation).ConfigureAwait(false);
        return trained?.Finish(terminal, parse.GetValue(json)) ?? ExitCode.Interrupted;
    }

    /// <summary>Fits the recipe of a row model, such as a run folder has.</summary>
    private async Task<int> FitRowsAsync(RowRecipe chosen, string path, Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        RowRun.Refuse(parse, "its recipe is for a family of row models, and has its choices in 'options'", changes.All);
        Family family = FamilyList.Find(chosen.Family);
        CommonSettings common = new(family);
        SettingValues values = SettingValues.FromRecipe(common.All, chosen.Options, path);
        if (parse.GetValue(changes.Seed) is { } seed) values = values.With(common.Seed, seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        RowDataRecipe data = parse.GetValue(source) is { } other ? chosen.Data with { Source = other } : chosen.Data;
        RowFitRequest request = new(
            family, common, values, data with { ColumnNames = null, Categories = null }, parse.GetValue(runs)!, parse.GetValue(name), parse.GetValue(folder) ?? chosen.Made?.DataFolder, parse.GetValue(threads), TypedCommand.Of(parse), parse.GetValue(quiet));
        RowResult? result = await RowFitter.FitAsync(request, terminal, cancellation).ConfigureAwait(false);
        return result?.Finish(terminal, parse.GetValue(json)) ?? ExitCode.Interrupted;
    }
}
