using System.Text.Json;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary>
/// A family of row models as the tool knows it: its options, how to fit it, how to load it. The verbs know only <see cref="RowModel"/>;
/// <see cref="FamilyList"/> is the only place that knows the families.
/// </summary>
internal abstract class Family
{
    /// <summary>The headings of a Gamma distribution's parameters.</summary>
    protected static readonly string[] Gamma = ["shape", "rate"];

    /// <summary>The name after <c>elbo fit</c>, and in a recipe.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the help.</summary>
    public abstract string Description { get; }

    /// <summary>What to type.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>The choices of this family alone, without those that all share.</summary>
    public abstract IReadOnlyList<Setting> Settings { get; }

    /// <summary>The choice of a size by a criterion; null where there is none to choose.</summary>
    public virtual Setting<SizeRange>? Size => null;

    /// <summary>What sizes are chosen by, the usual first: <c>bic</c>, <c>aic</c>, <c>icl</c>, <c>elbo</c>.</summary>
    public virtual IReadOnlyList<string> Criteria => ["bic", "aic"];

    /// <summary>Whether fitting goes in iterations, with starts, a tolerance and a limit.</summary>
    public virtual bool IsIterative => true;

    /// <summary>Whether a fit can begin with given parameters.</summary>
    public virtual bool TakesStart => IsIterative;

    /// <summary>
    /// Whether a fit goes on from a saved model to the same bytes as if it had never stopped. Where not, a resumed run begins the size that was under way
    /// anew, to the same result.
    /// </summary>
    public virtual bool GoesOn => TakesStart;

    /// <summary>Whether fitting can extrapolate by squared steps.</summary>
    public virtual bool CanAccelerate => false;

    /// <summary>Whether rows follow each other in sequences.</summary>
    public virtual bool IsSequential => false;

    /// <summary>Whether the posterior is exact, so that the ELBO is the log-likelihood, and BIC and AIC have their meaning.</summary>
    public virtual bool IsExact => true;

    /// <summary>The rows as the family sees them, in fitting and in every later verb.</summary>
    public virtual LoadedObservations Prepare(LoadedObservations rows, SettingValues values) => rows;

    /// <summary>Columns that rows given to the fitted model may lack, where they count as missing.</summary>
    public virtual IReadOnlyList<string> OptionalColumns(SettingValues values) => [];

    /// <summary>Whether text in a column stands for categories.</summary>
    public virtual bool TakesText(SettingValues values) => false;

    /// <summary>The column that says something of each row to the fit, which the model does not see; null for none.</summary>
    public virtual string? LabelColumn(SettingValues values) => null;

    /// <summary>What a person should know before the fit, as a clause; null where there is nothing.</summary>
    public virtual string? Note(LoadedObservations rows, SettingValues values) => null;

    /// <summary>Fits a model.</summary>
    /// <exception cref="ElboException">The rows or the choices do not allow it.</exception>
    public abstract FitResult<RowModel> Fit(FamilyFit fit);

    /// <summary>The model of a definition and parameters.</summary>
    /// <exception cref="ElboException">They do not fit each other.</exception>
    public abstract RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters);

    /// <summary>The model of parameters that a person gives to start from.</summary>
    /// <exception cref="ElboException">They are not those of such a model.</exception>
    public virtual RowModel Start(SettingValues values, StartParameters parameters) =>
        throw new ElboException($"A fit of '{Name}' cannot start from given parameters; leave out --start.");

    /// <summary>The most likely states of each sequence.</summary>
    /// <exception cref="ElboException">The model has no states.</exception>
    public virtual int[] DecodeStates(RowModel model, Observations rows, Runtime runtime) =>
        throw new ElboException($"'elbo decode-states' finds the states of a hidden Markov model, and this run holds a {model.Title}; use 'elbo encode'.");

    /// <summary>What each extent of a parameter stands for, for the headings of its table; null where the counts of codes and columns tell it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameter">The name of the parameter.</param>
    /// <param name="columns">The names of the columns.</param>
    public virtual IReadOnlyList<IReadOnlyList<string>>? AxisNames(RowModel model, string parameter, IReadOnlyList<string> columns) => null;

    /// <summary>What a report shows of this family beside what all have.</summary>
    public virtual IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) => [];
}

/// <summary>What to fit, and how.</summary>
/// <param name="Values">The family's choices.</param>
/// <param name="Size">The size to fit; 0 where the family has none.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Start">The model to begin with; null to begin as the choices say.</param>
/// <param name="Options">When to stop, how often to start, whom to tell.</param>
/// <param name="Runtime">The threads.</param>
/// <param name="Cancellation">Stops after the current iteration.</param>
internal sealed record FamilyFit(SettingValues Values, int Size, Observations Rows, RowModel? Start, FitOptions Options, Runtime Runtime, CancellationToken Cancellation)
{
    /// <summary>The rows with what is known of them beside: their labels.</summary>
    public required LoadedObservations Loaded { get; init; }
}

/// <summary>Helps families to answer with the common type.</summary>
internal static class FitResults
{
    /// <summary>The result without the model's type.</summary>
    public static FitResult<RowModel> Untyped<T>(this FitResult<T> result)
        where T : RowModel =>
        new(result.Model, result.Bounds, result.Stop, result.Iterations, result.Explanation, result.TotalWeight);
}
