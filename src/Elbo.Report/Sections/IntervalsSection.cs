namespace Elbo.Report;

/// <summary>Named values with their intervals as dots on a line, in panels: variances of estimators, figures of methods.</summary>
public sealed record IntervalsSection : ReportSection
{
    /// <summary>The panels, in order; two side by side where there is room.</summary>
    public required IReadOnlyList<IntervalPanel> Panels { get; init; }

    /// <summary>What the classes of the values are, for example <c>unbiased</c> and <c>biased</c>; a colour each.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];
}

/// <summary>One panel: values on one axis.</summary>
public sealed record IntervalPanel
{
    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>One short sentence beside the title.</summary>
    public string? Explanation { get; init; }

    /// <summary>The quantity on the axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>Whether the axis is logarithmic; a value of 0 then stands at its left end.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>A value to mark by a line, for example 0 for no bias.</summary>
    public double? Reference { get; init; }

    /// <summary>The values, from the top.</summary>
    public required IReadOnlyList<Interval> Intervals { get; init; }
}

/// <summary>A value and how sure it is.</summary>
public sealed record Interval
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The value.</summary>
    public required double Value { get; init; }

    /// <summary>The lower end of its interval.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end of its interval.</summary>
    public required double High { get; init; }

    /// <summary>Its class, an index into <see cref="IntervalsSection.ClassNames"/>.</summary>
    public int Class { get; init; }
}
