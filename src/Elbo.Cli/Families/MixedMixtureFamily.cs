using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit mixed-mixture</c>: mixtures of columns of different kinds.</summary>
internal sealed class MixedMixtureFamily() : MixtureFamily<MixedMixtureOptions>("components", "The least that a probability or a rate may be, and what is added to each variance.")
{
    private const int BlockRows = 4096;

    private readonly (ColumnFamily Family, Setting<string?> Columns)[] kinds =
    [
        (ColumnFamily.Normal, Choices.Text("gaussian", "The columns that are normal within a component, with commas between.", "names")),
        (ColumnFamily.Student, Choices.Text("student", "Those that are measurements with outliers.", "names")),
        (ColumnFamily.Bernoulli, Choices.Text("bernoulli", "Those that are 0 or 1.", "names")),
        (ColumnFamily.Categorical, Choices.Text("categorical", "Those that are categories; text is one always.", "names")),
        (ColumnFamily.Poisson, Choices.Text("poisson", "Those that are counts.", "names")),
    ];

    private readonly Setting<string> covariance = Choices.Choice("covariance", "What the covariances of the normal columns may be.", "diagonal", "full", "tied", "diagonal", "spherical");

    public override string Name => "mixed-mixture";

    public override string Description => "A mixture of columns of different kinds by EM; a column that no option names is taken by its looks.";

    public override IReadOnlyList<string> Examples =>
    [
        "elbo fit mixed-mixture patients.csv --components 3",
        "elbo fit mixed-mixture patients.csv --components 1..6 --select bic --gaussian age,weight --categorical ward --poisson visits --bernoulli smokes",
    ];

    protected override IReadOnlyList<Setting> Own => [.. kinds.Select(static kind => kind.Columns), covariance];

    public override bool TakesText(SettingValues values) => true;

    public override FitResult<RowModel> Fit(FamilyFit fit)
    {
        MixedMixtureOptions options = new()
        {
            Families = (fit.Start as MixedMixture)?.Families ?? Families(fit.Rows, fit.Loaded.Categories?.Keys.ToArray() ?? [], fit.Values),
            Covariance = NamedEnumConverter<CovarianceKind>.Parse(fit.Values.Get(covariance)),
        };
        return MixedMixture.Fit(fit.Rows, Common(options, fit), fit.Options, fit.Runtime, fit.Cancellation).Untyped();
    }

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => MixedMixture.Load(definition, parameters);

    /// <summary>What each column that no option names was taken for.</summary>
    public override string? Note(LoadedObservations rows, SettingValues values)
    {
        IReadOnlyList<ColumnFamily> families = Families(rows.Rows, rows.Categories?.Keys.ToArray() ?? [], values);
        HashSet<int> named = [.. Named(rows.Rows, values).Keys];
        string[] taken = [.. families.Index().Where(column => !named.Contains(column.Index)).GroupBy(static column => column.Item)
            .Select(group => $"--{Option(group.Key)} {string.Join(',', group.Select(column => rows.Rows.ColumnNames[column.Index]))}")];
        return taken.Length == 0 ? null : $"columns were taken by their looks: {string.Join(' ', taken)}";
    }

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, null, "mean", rows, runtime);

    private string Option(ColumnFamily family) => Array.Find(kinds, kind => kind.Family == family).Columns.Key;

    /// <summary>The family of each column.</summary>
    private ColumnFamily[] Families(Observations rows, IReadOnlyCollection<string> text, SettingValues values)
    {
        Dictionary<int, ColumnFamily> named = Named(rows, values);
        foreach ((int column, ColumnFamily family) in named)
            if (family != ColumnFamily.Categorical && text.Contains(rows.ColumnNames[column])) throw new UsageException($"--{Option(family)} names '{rows.ColumnNames[column]}', which holds text; a column of text can only be --categorical.");
        ColumnFamily[] looks = named.Count == rows.Columns ? [] : ByLooks(rows);
        return [.. Enumerable.Range(0, rows.Columns).Select(column => named.TryGetValue(column, out ColumnFamily family) ? family : text.Contains(rows.ColumnNames[column]) ? ColumnFamily.Categorical : looks[column])];
    }

    /// <summary>The columns that options name, by name or number.</summary>
    private Dictionary<int, ColumnFamily> Named(Observations rows, SettingValues values)
    {
        Dictionary<int, ColumnFamily> named = [];
        foreach ((ColumnFamily family, Setting<string?> setting) in kinds)
        {
            foreach (string name in values.Get(setting)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
            {
                int column = rows.ColumnNames.Index().Where(pair => pair.Item == name).Select(static pair => pair.Index).FirstOrDefault(-1);
                if (column < 0 && !(int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out column) && column < rows.Columns))
                    throw new UsageException($"{setting.Option.Name} names '{name}', and there is no such column{NearestName.Suggestion(name, rows.ColumnNames)}");
                if (!named.TryAdd(column, family)) throw new UsageException($"The column '{rows.ColumnNames[column]}' is named twice, by --{Option(named[column])} and {setting.Option.Name}; name it once.");
            }
        }

        return named;
    }

    /// <summary>Zeros and ones are Bernoulli, other whole numbers that are not negative counts, and all else is normal.</summary>
    private static ColumnFamily[] ByLooks(Observations rows)
    {
        ColumnFamily[] looks = new ColumnFamily[rows.Columns];
        Array.Fill(looks, ColumnFamily.Bernoulli);
        double[] buffer = new double[BlockRows * rows.Columns];
        for (long first = 0; first < rows.Rows; first += BlockRows)
        {
            ReadOnlySpan<double> values = rows.Read(first, (int)Math.Min(BlockRows, rows.Rows - first), buffer);
            for (int i = 0; i < values.Length; i++)
            {
                ref ColumnFamily look = ref looks[i % rows.Columns];
                double value = values[i];
                if (double.IsNaN(value) || value is 0 or 1 || look == ColumnFamily.Normal) continue;
                look = value >= 0 && value == Math.Floor(value) ? ColumnFamily.Poisson : ColumnFamily.Normal;
            }
        }

        return looks;
    }
}
