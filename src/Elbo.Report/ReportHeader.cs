namespace Elbo.Report;

/// <summary>The first screen of a report.</summary>
public sealed record ReportHeader
{
    /// <summary>The name of the run, for example <c>first</c>; the file's title and the name used when runs are compared.</summary>
    public required string RunName { get; init; }

    /// <summary>The model or recipe, for example <c>Variational autoencoder, 2 latent dimensions</c>.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence: what was fitted on what, how, for how long.</summary>
    public required string Summary { get; init; }

    /// <summary>The data set, for example <c>MNIST, 60,000 training rows of 28×28</c>.</summary>
    public required string DataSet { get; init; }

    /// <summary>When the run was made. Part of the data, so that writing the same report twice gives the same bytes.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What the page calls <see cref="Created"/>: <c>Fitted</c>, or <c>Measured</c> where nothing was.</summary>
    public string CreatedLabel { get; init; } = "Fitted";

    /// <summary>The wall-clock time spent fitting.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Why training stopped, as a sentence, for example <c>The validation bound has not improved for 10 epochs.</c></summary>
    public string? StopReason { get; init; }

    /// <summary>The bound and its parts, or <see langword="null"/> for a model without one (a plain autoencoder).</summary>
    public BoundSummary? Bound { get; init; }

    /// <summary>Further headline numbers, in order (active units, rows per second, ...).</summary>
    public IReadOnlyList<HeadlineNumber> Numbers { get; init; } = [];

    /// <summary>The version of Elbo that made the run, for example <c>0.1.0</c>.</summary>
    public string? Version { get; init; }
}

/// <summary>
/// The bound and its parts as means per row in nats, every constant kept, higher is better:
/// <c>log p(x) = ELBO + KL(q(z|x) ‖ p(z|x))</c> and <c>ELBO = Reconstruction − Kl</c>.
/// </summary>
public sealed record BoundSummary
{
    /// <summary>The split the numbers were measured on, for example <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>The number of rows the means run over.</summary>
    public int Rows { get; init; }

    /// <summary>The evidence lower bound.</summary>
    public required double Elbo { get; init; }

    /// <summary>The expected log-likelihood <c>E_q[log p(x|z)]</c>, or <see langword="null"/> where the bound has no such part.</summary>
    public double? Reconstruction { get; init; }

    /// <summary>The divergence <c>KL(q(z|x) ‖ p(z))</c>, non-negative, or <see langword="null"/> where the bound has no such part.</summary>
    public double? Kl { get; init; }

    /// <summary>The log-likelihood <c>log p(x)</c>, exact or estimated by importance sampling, or <see langword="null"/> when not asked for.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The standard error of <see cref="LogLikelihood"/>, or <see langword="null"/> when it is exact.</summary>
    public double? StandardError { get; init; }

    /// <summary>The number of importance samples behind <see cref="LogLikelihood"/>, or <see langword="null"/> when it is exact.</summary>
    public int? ImportanceSamples { get; init; }
}

/// <summary>One headline number with its unit and a short explanation.</summary>
public sealed record HeadlineNumber
{
    /// <summary>What it is called, for example <c>active units</c>.</summary>
    public required string Label { get; init; }

    /// <summary>The value.</summary>
    public required double Value { get; init; }

    /// <summary>The unit, for example <c>nats per datum</c> or <c>of 20</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The standard error, in the same unit.</summary>
    public double? StandardError { get; init; }

    /// <summary>One short sentence for a student.</summary>
    public string? Explanation { get; init; }

    /// <summary>The digits shown after the decimal point.</summary>
    public int Decimals { get; init; } = 2;

    /// <summary>Whether a larger value is the better one, so that a comparison can mark the best; <see langword="null"/> when neither is.</summary>
    public bool? HigherIsBetter { get; init; }
}
