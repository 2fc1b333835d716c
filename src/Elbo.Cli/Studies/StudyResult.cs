using System.Text.Json;
using Elbo.Report;

namespace Elbo.Cli.Studies;

/// <summary>What a study came to.</summary>
internal abstract class StudyResult
{
    /// <summary>The sentences that say it all, for the terminal, the page of results and the report.</summary>
    public abstract IReadOnlyList<string> Findings { get; }

    /// <summary>Those of them that the report lists; none where a section of its own says them.</summary>
    public virtual IReadOnlyList<string> Listed => Findings;

    /// <summary>Whether everything that must hold holds.</summary>
    public abstract bool Holds { get; }

    /// <summary>The numbers that stand at the top of the report.</summary>
    public abstract IReadOnlyList<HeadlineNumber> Numbers { get; }

    /// <summary>The report's sections.</summary>
    public abstract IReadOnlyList<ReportSection> Sections { get; }

    /// <summary>The table for the terminal.</summary>
    public abstract void WriteTable(TextWriter output);

    /// <summary>The same for programs.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer);

    /// <summary>The tables of the page of results, as lines of Markdown.</summary>
    public abstract IEnumerable<string> Markdown();
}
