using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>By what the number of components is chosen; lower is better for all.</summary>
public enum SelectionCriterion
{
    /// <summary><c>−2 ln L + parameters · ln N</c> (Schwarz, 1978): finds the number of components where the family is right.</summary>
    Bic,

    /// <summary><c>−2 ln L + 2 · parameters</c> (Akaike, 1974): predicts best, and takes more components.</summary>
    Aic,

    /// <summary>BIC plus twice the entropy of the responsibilities (Biernacki, Celeux and Govaert, 2000): asks for components that lie apart.</summary>
    Icl,
}

/// <summary>One number of components that was tried.</summary>
/// <param name="Components">K.</param>
/// <param name="Elbo">The log-likelihood in nats per row; NaN where the fit failed.</param>
/// <param name="Bic">BIC; NaN where the fit failed.</param>
/// <param name="Aic">AIC; NaN where the fit failed.</param>
/// <param name="Icl">ICL; NaN where the fit failed.</param>
/// <param name="Failure">Why the fit failed; null where it did not.</param>
public sealed record MixtureCandidate(int Components, double Elbo, double Bic, double Aic, double Icl, string? Failure)
{
    /// <summary>The value of one criterion.</summary>
    /// <param name="criterion">Which.</param>
    public double Value(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Bic => Bic,
        SelectionCriterion.Aic => Aic,
        _ => Icl,
    };
}

/// <summary>The best of several mixtures, and how the others did.</summary>
/// <typeparam name="TModel">The mixture.</typeparam>
/// <param name="Best">The fit with the lowest criterion; the first where two are alike.</param>
/// <param name="Criterion">By what it was chosen.</param>
/// <param name="Candidates">All that were tried, in the order given.</param>
public sealed record MixtureSelectionResult<TModel>(FitResult<TModel> Best, SelectionCriterion Criterion, IReadOnlyList<MixtureCandidate> Candidates)
    where TModel : MixtureModel;

/// <summary>Chooses the number of components of a mixture.</summary>
public static class MixtureSelection
{
    /// <summary>Fits each number of components and keeps the best.</summary>
    /// <typeparam name="TModel">The mixture.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="components">The numbers to try, each at least 1.</param>
    /// <param name="criterion">By what to choose.</param>
    /// <param name="fit">Fits a mixture of K components to the rows.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">No number is given, or every fit failed: the first failure.</exception>
    public static MixtureSelectionResult<TModel> Run<TModel>(
        Observations rows, IEnumerable<int> components, SelectionCriterion criterion, Func<int, FitResult<TModel>> fit, Runtime runtime)
        where TModel : MixtureModel
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        List<MixtureCandidate> candidates = [];
        FitResult<TModel>? best = null;
        double least = double.PositiveInfinity;
        ElboException? failure = null;
        foreach (int count in components)
        {
            MixtureCandidate candidate;
            try
            {
                FitResult<TModel> result = fit(count);
                candidate = new MixtureCandidate(count, result.Elbo, result.Bic, result.Aic, result.Model.Icl(rows, runtime), null);
                if (best is null || candidate.Value(criterion) < least) (best, least) = (result, candidate.Value(criterion));
            }
            catch (ElboException exception)
            {
                // More components than the rows can bear, say, must not take the others along.
                failure ??= exception;
                candidate = new MixtureCandidate(count, double.NaN, double.NaN, double.NaN, double.NaN, exception.Message);
            }

            candidates.Add(candidate);
        }

        return best is null ? throw failure ?? new ElboException("No number of components was given to choose from.") : new MixtureSelectionResult<TModel>(best, criterion, candidates);
    }
}
