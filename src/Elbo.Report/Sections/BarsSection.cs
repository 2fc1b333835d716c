namespace Elbo.Report;

/// <summary>A bar chart: KL per latent dimension, component weights, loadings.</summary>
public sealed record BarsSection : ReportSection
{
    /// <summary>The quantity, for example <c>KL</c>.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>The unit, for example <c>nats per datum</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The bars.</summary>
    public required IReadOnlyList<Bar> Bars { get; init; }

    /// <summary>Whether the page sorts the bars, largest first; otherwise they stay in order.</summary>
    public bool Sorted { get; init; } = true;

    /// <summary>The sentence about active units, for example <c>12 of 20 units are active: Var_x(E_q[z]) &gt; 0.01.</c></summary>
    public string? Remark { get; init; }
}

/// <summary>One bar.</summary>
public sealed record Bar
{
    /// <summary>The name, for example <c>z3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The value.</summary>
    public required double Value { get; init; }

    /// <summary>Whether the bar is drawn strong (an active unit) or faint.</summary>
    public bool Emphasized { get; init; } = true;
}
