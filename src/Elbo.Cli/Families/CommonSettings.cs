using Elbo.Inference;

namespace Elbo.Cli.Families;

/// <summary>The choices that families share, and the order in which a recipe has all of them.</summary>
internal sealed class CommonSettings
{
    private static readonly FitOptions Usual = new();

    public CommonSettings(Family family)
    {
        List<Setting> all = [];
        if (family.Size is { } size)
        {
            Select = Choices.Choice("select", $"What chooses among several sizes: {string.Join(", ", family.Criteria)}.", family.Criteria[0], [.. family.Criteria]);
            all.AddRange([size, Select]);
        }

        all.AddRange(family.Settings);
        if (family.IsIterative)
        {
            Restarts = Choices.Whole("restarts", "How many random starts; the fit with the highest bound is kept.", Usual.Restarts, 1, 100_000);
            Tolerance = Choices.Number("tolerance", "Converged when an iteration raises the bound by less, in nats per row.", Usual.Tolerance, 0);
            MaxIterations = Choices.Whole("max-iterations", "The most iterations of one start.", Usual.MaxIterations, 1);
            all.AddRange([Restarts, Tolerance, MaxIterations]);
            if (family.CanAccelerate) all.Add(Accelerate = Choices.Flag("accelerate", "Extrapolate by squared steps (SQUAREM), never below the plain ones."));
        }

        if (family.TakesStart) all.Add(Start = Choices.Text("start", "Begin with the parameters in a file, as 'elbo show --json' prints them, or with those of a run.", "file"));
        all.Add(Seed = Choices.Seed("Decides every random draw.", Usual.Seed));
        All = all;
    }

    /// <summary>All choices, in the order of help and recipe.</summary>
    public IReadOnlyList<Setting> All { get; }

    public Setting<string>? Select { get; }

    public Setting<string?>? Start { get; }

    public Setting<ulong> Seed { get; }

    private Setting<int>? Restarts { get; }

    private Setting<double>? Tolerance { get; }

    public Setting<int>? MaxIterations { get; }

    private FlagSetting? Accelerate { get; }

    /// <summary>The library's options of some choices.</summary>
    public FitOptions Options(SettingValues values) => new()
    {
        Seed = values.Get(Seed),
        Restarts = Restarts is null ? Usual.Restarts : values.Get(Restarts),
        Tolerance = Tolerance is null ? Usual.Tolerance : values.Get(Tolerance),
        MaxIterations = MaxIterations is null ? Usual.MaxIterations : values.Get(MaxIterations),
        Accelerate = Accelerate is not null && values.Get(Accelerate),
    };
}
