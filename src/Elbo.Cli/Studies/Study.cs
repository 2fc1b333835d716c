using Elbo.Cli.Hosting;
using Elbo.Storage;

namespace Elbo.Cli.Studies;

/// <summary>
/// An experiment that is more than one fit: it compares, and its result is a table and a page. <c>elbo reproduce</c> runs it by name, as it runs a
/// recipe. A new one is a class in this folder and a line in <see cref="StudyList"/>.
/// </summary>
internal abstract class Study
{
    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public abstract string Title { get; }

    /// <summary>Where it was published.</summary>
    public abstract string Source { get; }

    /// <summary>The data it uses, or what it makes up.</summary>
    public abstract string Data { get; }

    /// <summary>How it is measured, and what <c>--short</c> leaves out, in a few sentences.</summary>
    public abstract string Protocol { get; }

    /// <summary>The page of results that its section goes into where that page exists.</summary>
    public abstract string DefaultDocument { get; }

    /// <summary>How many published figures it sets ours beside.</summary>
    public virtual int PublishedFigures => 0;

    /// <summary>Runs it.</summary>
    /// <param name="request">How.</param>
    /// <param name="folder">Where what is worth keeping on the way goes; a study that was stopped finds it there.</param>
    /// <param name="terminal">Where progress goes.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">Somebody stopped it; what was finished lies in the folder.</exception>
    public abstract Task<StudyResult> RunAsync(StudyRequest request, RunFolder folder, Terminal terminal, CancellationToken cancellation);
}

/// <summary>How a study is run.</summary>
/// <param name="Short">Whether its shorter form is run.</param>
/// <param name="Seed">Decides every draw.</param>
/// <param name="Threads">The threads; null for one per processor.</param>
/// <param name="DataFolder">The folder to look in first for named data sets; null for none.</param>
/// <param name="Quiet">Whether to show no progress.</param>
internal sealed record StudyRequest(bool Short = false, ulong Seed = 1, int? Threads = null, string? DataFolder = null, bool Quiet = true);
