using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>By what the size of a model is chosen; lower is better for all.</summary>
public enum SelectionCriterion
{
    /// <summary><c>−2 ln L + parameters · ln N</c> (Schwarz, 1978): finds the size where the family is right.</summary>
    Bic,

    /// <summary><c>−2 ln L + 2 · parameters</c> (Akaike, 1974): predicts best, and takes larger models.</summary>
    Aic,

    /// <summary>BIC plus twice the entropy of the responsibilities (Biernacki, Celeux and Govaert, 2000): asks for components that lie apart; of mixtures only.</summary>
    Icl,

    /// <summary>The evidence lower bound in nats per row, negated: for models with a posterior over their parameters, whose bound counts their size.</summary>
    Elbo,
}

/// <summary>One size that was tried.</summary>
/// <param name="Size">K: components, states, factors.</param>
/// <param name="Elbo">The bound in nats per row; NaN where the fit failed.</param>
/// <param name="Bic">BIC; NaN where the fit failed.</param>
/// <param name="Aic">AIC; NaN where the fit failed.</param>
/// <param name="Icl">ICL; NaN where the fit failed, and where the model is no mixture.</param>
/// <param name="Failure">Why the fit failed; null where it did not.</param>
public sealed record ModelCandidate(int Size, double Elbo, double Bic, double Aic, double Icl, string? Failure)
{
    /// <summary>The value of one criterion.</summary>
    /// <param name="criterion">Which.</param>
    public double Value(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Bic => Bic,
        SelectionCriterion.Aic => Aic,
        SelectionCriterion.Icl => Icl,
        _ => -Elbo,
    };
}

/// <summary>The best of several models, and how the others did.</summary>
/// <typeparam name="TModel">The model.</typeparam>
/// <param name="Best">The fit with the lowest criterion; the first where two are alike.</param>
/// <param name="Criterion">By what it was chosen.</param>
/// <param name="Candidates">All that were tried, in the order given.</param>
public sealed record ModelSelectionResult<TModel>(FitResult<TModel> Best, SelectionCriterion Criterion, IReadOnlyList<ModelCandidate> Candidates)
    where TModel : RowModel;

/// <summary>Chooses the size of a model: the components of a mixture, the states of a hidden Markov model, the factors of a factor model.</summary>
public static class ModelSelection
{
    /// <summary>Fits each size and keeps the best.</summary>
    /// <typeparam name="TModel">The model.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="sizes">The sizes to try, each at least 1.</param>
    /// <param name="criterion">By what to choose.</param>
    /// <param name="fit">Fits a model of a size to the rows.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">No size is given, every fit failed (the first failure), or ICL is asked of models that are no mixtures.</exception>
    public static ModelSelectionResult<TModel> Run<TModel>(
        Observations rows, IEnumerable<int> sizes, SelectionCriterion criterion, Func<int, FitResult<TModel>> fit, Runtime runtime)
        where TModel : RowModel
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        List<ModelCandidate> candidates = [];
        FitResult<TModel>? best = null;
        double least = double.PositiveInfinity;
        ElboException? failure = null;
        foreach (int size in sizes)
        {
            ModelCandidate candidate;
            try
            {
                FitResult<TModel> result = fit(size);
                double icl = result.Model is MixtureModel mixture ? mixture.Icl(rows, runtime) : double.NaN;
                if (criterion == SelectionCriterion.Icl && double.IsNaN(icl))
                    throw new ElboException($"A {result.Model.Title} has no responsibilities of single rows for ICL; choose by BIC or AIC.");
                candidate = new ModelCandidate(size, result.Elbo, result.Bic, result.Aic, icl, null);
                if (best is null || candidate.Value(criterion) < least) (best, least) = (result, candidate.Value(criterion));
            }
            catch (ElboException exception)
            {
                // A size larger than the rows can bear, say, must not take the others along.
                failure ??= exception;
                candidate = new ModelCandidate(size, double.NaN, double.NaN, double.NaN, double.NaN, exception.Message);
            }

            candidates.Add(candidate);
        }

        return best is null ? throw failure ?? new ElboException("No size was given to choose from.") : new ModelSelectionResult<TModel>(best, criterion, candidates);
    }
}
