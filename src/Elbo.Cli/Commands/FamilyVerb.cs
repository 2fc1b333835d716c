using System.CommandLine;
using System.CommandLine.Parsing;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Rows;
using Elbo.Cli.Runs;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo fit gmm</c> and its kin: fits a row model, and leaves a run folder with a report.</summary>
internal sealed class FamilyVerb : Verb
{
    private readonly Family family;
    private readonly CommonSettings common;
    private readonly Argument<string> source = new("data") { Description = "A CSV, npy or npz file, or a data set's name. Of CSV files the header names the columns, and a value may be missing." };
    private readonly Option<string?> name = new("--name", "-n") { Description = "The run's name. [default: made of family, data and a number]", HelpName = "name" };
    private readonly Option<string> runs = new("--out") { Description = "The folder that run folders go into.", HelpName = "folder", DefaultValueFactory = static _ => FittedRun.DefaultFolder };
    private readonly Option<string?> columns = new("--columns") { Description = "The columns to fit, by name or number from 0, with commas between. [default: all that hold nothing else]", HelpName = "names" };
    private readonly Option<string?> weights = new("--weights-column") { Description = "The column of row weights.", HelpName = "name" };
    private readonly Option<string?> sequence = new("--sequence-column") { Description = "The column that says which sequence a row belongs to.", HelpName = "name" };
    private readonly Option<string?> labels = new("--labels") { Description = "The column of labels, which the model does not see and the report shows.", HelpName = "name" };
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = CommonOptions.Quiet();

    public FamilyVerb(Family family, Terminal terminal)
        : base(family.Name, family.Description, [.. family.Examples])
    {
        this.family = family;
        common = new CommonSettings(family);
        Add(source);
        foreach (Setting setting in common.All) Add(setting.Option);
        Add(columns);
        Add(weights);
        if (family.IsSequential) Add(sequence);
        foreach (Option option in (Option[])[labels, name, runs, folder, threads, json, quiet]) Add(option);
        SetAction((parse, cancellation) => FitAsync(terminal, parse, cancellation));
    }

    private async Task<int> FitAsync(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        RefuseMisplaced(parse);
        SettingValues values = SettingValues.FromCommandLine(common.All, parse);
        if (common.Start is { } start && values.Get(start) is { } path) values = values.With(start, Path.GetFullPath(path));
        RowDataRecipe data = new(
            parse.GetRequiredValue(source),
            parse.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } wanted ? wanted : null,
            parse.GetValue(weights),
            family.IsSequential ? parse.GetValue(sequence) : null,
            Labels(parse, values),
            family.TakesText(values) ? true : null);
        RowFitRequest request = new(family, common, values, data, parse.GetValue(runs)!, parse.GetValue(name), parse.GetValue(folder), parse.GetValue(threads), TypedCommand.Of(parse), parse.GetValue(quiet));
        RowResult? result = await RowFitter.FitAsync(request, terminal, cancellation).ConfigureAwait(false);
        return result?.Finish(terminal, parse.GetValue(json)) ?? ExitCode.Interrupted;
    }

    /// <summary>The column of labels, which a family may need for itself.</summary>
    private string? Labels(ParseResult parse, SettingValues values)
    {
        string? given = parse.GetValue(labels), own = family.LabelColumn(values);
        if (given is not null && own is not null && given != own)
            throw new UsageException($"{labels.Name} names '{given}', and '{own}' was named as the column of known states; a file has one column of labels, so leave out {labels.Name}.");
        return given ?? own;
    }

    /// <summary>An option before the family's name is one of <c>elbo fit</c> with a recipe, and would be passed over in silence.</summary>
    private void RefuseMisplaced(ParseResult parse)
    {
        if (parse.CommandResult.Parent is not CommandResult outer) return;
        if (outer.Children.OfType<OptionResult>().FirstOrDefault(static option => !option.Implicit) is { } misplaced)
            throw new UsageException($"{misplaced.Option.Name} stands before '{family.Name}'; put the options of a family after its name, as in 'elbo fit {family.Name} data.csv'.");
        if (ParseFailure.GivenBefore(parse.CommandResult) is { } early)
            throw new UsageException($"'{early}' stands before '{family.Name}'; put the data after the family's name, as in 'elbo fit {family.Name} {early}'.");
    }
}
