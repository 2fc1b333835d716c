using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Reproduction;
using Elbo.Cli.Runs;
using Elbo.Cli.Studies;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo reproduce</c>: runs a recipe or a study, and sets the result beside the published figures.</summary>
internal sealed class ReproduceVerb : Verb
{
    private readonly Argument<string?> recipe = new("recipe") { Description = "The name of a recipe or a study, or a recipe's file; without it, they are listed.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> @short = new("--short") { Description = "Run the recipe's shorter form, which says less about the published figure." };
    private readonly Option<string?> run = new("--run") { Description = "A run of this recipe or study to use instead of beginning anew; where it has not ended, it is resumed.", HelpName = "run folder" };
    private readonly Option<string?> document = new("--document") { Description = $"The page of results to write to. [default: {ReproductionDocument.DefaultPath}, or the study's own, where there is one]", HelpName = "file" };
    private readonly Option<string?> name = new("--name", "-n") { Description = "The run's name. [default: made of the recipe and a number]", HelpName = "name" };
    private readonly Option<string> runs = new("--out") { Description = "The folder that run folders go into.", HelpName = "folder", DefaultValueFactory = static _ => FittedRun.DefaultFolder };
    private readonly RecipeOptions changes = new();
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public ReproduceVerb(Terminal terminal)
        : base(
            "reproduce",
            "Run a recipe or a study, print the result beside the published figures with their protocol, and put it on a page of results.",
            "elbo reproduce",
            "elbo reproduce flax",
            "elbo reproduce aevb --latent 3",
            "elbo reproduce aevb --run runs/aevb-3",
            "elbo reproduce iwae-k1 --short",
            "elbo reproduce estimators")
    {
        Add(recipe);
        foreach (Option option in (Option[])[@short, run, document]) Add(option);
        changes.AddTo(this);
        foreach (Option option in (Option[])[name, runs, folder, threads, json, quiet]) Add(option);
        SetAction((parse, cancellation) => parse.GetValue(recipe) switch
        {
            null => Task.FromResult(List(terminal, parse)),
            { } name when StudyList.Find(name) is { } study => RunStudyAsync(study, terminal, parse, cancellation),
            { } name => ReproduceAsync(name, terminal, parse, cancellation),
        });
    }

    private int List(Terminal terminal, ParseResult parse)
    {
        RecipeListing.Write(terminal, parse.GetValue(json));
        return ExitCode.Success;
    }

    private Task<int> RunStudyAsync(Study study, Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        if (changes.All.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } foreign)
            throw new UsageException($"{foreign.Name} changes a recipe, and '{study.Name}' is a study, which has none; leave it out.");
        StudyRequest request = new(parse.GetValue(@short), parse.GetValue(changes.Seed) ?? 1, parse.GetValue(threads), parse.GetValue(folder), parse.GetValue(quiet));
        return StudyRunner.RunAsync(study, request, new StudyPlace(parse.GetValue(runs)!, parse.GetValue(name), parse.GetValue(run), parse.GetValue(document), parse.GetValue(json)), terminal, cancellation);
    }

    private async Task<int> ReproduceAsync(string recipeName, Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        Recipe chosen = RecipeCatalog.Load(recipeName);
        if (parse.GetValue(@short)) chosen = Shortened(chosen, recipeName);
        chosen = changes.Apply(chosen, parse) with { Made = null };
        RecipeFile.Parse(RecipeFile.Write(chosen), RecipeCatalog.Title(recipeName));
        string page = parse.GetValue(document) ?? ReproductionDocument.DefaultPath;
        bool append = parse.GetValue(document) is not null || File.Exists(page);
        if (append) ReproductionDocument.CheckWritable(page);

        TrainedRun? trained = parse.GetValue(run) is { } existing
            ? Existing(existing, chosen, recipeName, parse, terminal, cancellation)
            : await RunTrainer.FitAsync(Request(chosen, recipeName, parse), terminal, cancellation).ConfigureAwait(false);
        if (trained is null) return ExitCode.Interrupted;

        Recipe made = RecipeCatalog.Load(Path.Combine(trained.Folder, "recipe.json"));
        ReproductionResult result = ReproductionResult.Of(Path.GetFileNameWithoutExtension(recipeName), made, trained);
        if (append) ReproductionDocument.Append(page, result);
        if (parse.GetValue(json)) result.WriteJson(terminal.Out);
        else result.WriteTable(terminal.Out, append ? page : null);
        return trained.Failure is null ? ExitCode.Success : throw trained.Failure;
    }

    private RunRequest Request(Recipe chosen, string recipeName, ParseResult parse) => new(
        chosen,
        RecipeCatalog.Names.Contains(recipeName) ? recipeName : Path.GetFullPath(recipeName),
        parse.GetValue(runs)!,
        parse.GetValue(name),
        Path.GetFileNameWithoutExtension(recipeName),
        parse.GetValue(folder),
        parse.GetValue(threads),
        TypedCommand.Of(parse),
        parse.GetValue(quiet));

    private TrainedRun? Existing(string path, Recipe chosen, string recipeName, ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        Recipe own = RecipeCatalog.Load(Path.Combine(path, "recipe.json"));
        if (own.Title != chosen.Title)
            throw new UsageException($"'{path}' is a run of the recipe \"{own.Title}\", not of '{recipeName}' (\"{chosen.Title}\"); name its own recipe.");
        return RunTrainer.Resume(path, null, parse.GetValue(folder), parse.GetValue(threads), parse.GetValue(quiet), terminal, cancellation);
    }

    private static Recipe Shortened(Recipe recipe, string name) => recipe.Short is { Count: > 0 } changes
        ? RecipePaths.Set(recipe, changes.Select(static change => (change.Key, System.Text.Json.Nodes.JsonNode.Parse(change.Value.GetRawText()))), $"{RecipeCatalog.Title(name)}: short")
        : throw new UsageException($"The recipe '{name}' has no shorter form; leave --short out, or set --epochs.");
}
