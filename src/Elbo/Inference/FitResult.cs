using Elbo.Models;

namespace Elbo.Inference;

/// <summary>Why an iterative fit stopped.</summary>
public enum FitStop
{
    /// <summary>The last iteration raised the bound by less than the tolerance.</summary>
    Converged,

    /// <summary>The iterations were used up.</summary>
    IterationLimit,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>There is nothing to iterate: the answer is in closed form.</summary>
    ClosedForm,
}

/// <summary>A fitted model, and how the fit went.</summary>
/// <typeparam name="TModel">The model.</typeparam>
/// <param name="Model">The model.</param>
/// <param name="Bounds">The bound at the start of each iteration of the kept start, and last that of <paramref name="Model"/>, in nats per row (per unit of weight).</param>
/// <param name="Stop">Why it stopped.</param>
/// <param name="Iterations">The iterations of the kept start.</param>
/// <param name="Explanation">Why it stopped, in a sentence.</param>
/// <param name="TotalWeight">The number of rows, or the sum of their weights.</param>
public sealed record FitResult<TModel>(TModel Model, IReadOnlyList<double> Bounds, FitStop Stop, int Iterations, string Explanation, double TotalWeight)
    where TModel : RowModel
{
    /// <summary>Whether the fit converged rather than ran out of iterations.</summary>
    public bool Converged => Stop is FitStop.Converged or FitStop.ClosedForm;

    /// <summary>The evidence lower bound of <see cref="Model"/> on its training rows, in nats per row; where the posterior is exact, the log-likelihood.</summary>
    public double Elbo => Bounds[^1];

    /// <summary><c>−2 ln L + parameters · ln N</c>, lower is better; meaningful where the bound is the log-likelihood (Schwarz, 1978).</summary>
    public double Bic => -2 * Elbo * TotalWeight + Model.FreeParameters * Math.Log(TotalWeight);

    /// <summary><c>−2 ln L + 2 · parameters</c>, lower is better; meaningful where the bound is the log-likelihood (Akaike, 1974).</summary>
    public double Aic => -2 * Elbo * TotalWeight + 2 * Model.FreeParameters;
}
