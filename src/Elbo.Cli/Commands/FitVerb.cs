using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Storage;

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
        SetAction((parse, cancellation) => FitAsync(terminal, parse, cancellation));
    }

    private async Task<int> FitAsync(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        string recipeName = parse.GetValue(recipe)!;
        Recipe chosen = changes.Apply(RecipeCatalog.Load(recipeName), parse);
        string wanted = parse.GetValue(source) ?? chosen.Data.Source;
        chosen = chosen with { Data = chosen.Data with { Source = wanted }, Made = null };
        RecipeFile.Parse(RecipeFile.Write(chosen), RecipeCatalog.Title(recipeName));

        RunRequest request = new(
            chosen,
            RecipeCatalog.Names.Contains(recipeName) ? recipeName : Path.GetFullPath(recipeName),
            parse.GetValue(runs)!,
            parse.GetValue(name),
            Prefix(recipeName, wanted),
            parse.GetValue(folder),
            parse.GetValue(threads),
            TypedCommand.Of(parse),
            parse.GetValue(quiet));
        TrainedRun? trained = await RunTrainer.FitAsync(request, terminal, cancellation).ConfigureAwait(false);
        return trained?.Finish(terminal, parse.GetValue(json)) ?? ExitCode.Interrupted;
    }

    /// <summary>What the names of unnamed runs begin with: <c>vae-mnist</c>.</summary>
    private static string Prefix(string recipeName, string data)
    {
        string text = $"{Path.GetFileNameWithoutExtension(recipeName)}-{(NamedSets.Find(data) is { } set ? set.Name : Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(data)))}";
        return string.Concat(text.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-')).Trim('-');
    }
}
