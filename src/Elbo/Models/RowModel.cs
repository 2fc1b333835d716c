using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A fitted model of rows whose posterior is exact or found by coordinate ascent: mixtures, hidden Markov models, factor and topic models.
/// The verbs are those of every model of Elbo; the tool and the report know only these. Immutable.
/// </summary>
public abstract class RowModel
{
    /// <summary>The family as <c>model.json</c> and the tool call it: <c>gmm</c>, <c>hmm</c>, ….</summary>
    public abstract string Kind { get; }

    /// <summary>The model in a few words: <c>Gaussian mixture, 4 components, full covariance</c>.</summary>
    public abstract string Title { get; }

    /// <summary>D, the number of columns of a row.</summary>
    public abstract int Columns { get; }

    /// <summary>The number of free parameters, for <c>BIC = −2 ln L + parameters · ln N</c> and <c>AIC = −2 ln L + 2 · parameters</c>.</summary>
    public abstract long FreeParameters { get; }

    /// <summary>Whether <see cref="LogDensity(Observations, Span{double}, Runtime)"/> is a lower bound on ln p(x), which has no closed form.</summary>
    public virtual bool LogDensityIsBound => false;

    /// <summary>The names of the columns of <see cref="Encode"/>, as in a header: <c>component0</c>, <c>factor0</c>, <c>state0</c>, ….</summary>
    public abstract IReadOnlyList<string> CodeNames { get; }

    /// <summary>
    /// ln p(x) of each row in nats, with every constant. Missing values are integrated out. Sequence models give ln p(xₜ|x₁…xₜ₋₁), so that
    /// the rows of a sequence sum to its log-likelihood. Bayesian models give the posterior predictive density.
    /// </summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="result">Room for N values.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public abstract void LogDensity(Observations rows, Span<double> result, Runtime runtime);

    /// <summary>ln p(x) of each row in nats, <c>[N]</c>, as <see cref="LogDensity(Observations, Span{double}, Runtime)"/> gives it.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model, or are more than an array holds.</exception>
    public double[] LogDensity(Observations rows, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Rows > Array.MaxLength)
            throw new ElboException($"'{rows.Name}' has {rows.Rows} rows, more than an array holds ({Array.MaxLength}); score it in slices.");
        double[] result = new double[rows.Rows];
        LogDensity(rows, result, runtime);
        return result;
    }

    /// <summary>What the model infers of each row, <c>[N, code names]</c>: responsibilities, state posteriors, or posterior means of factors.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public abstract Matrix Encode(Observations rows, Runtime runtime);

    /// <summary>E[x|x observed] by way of the code: each row as the model explains it, <c>[N, D]</c>, with no value missing.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public abstract Matrix Reconstruct(Observations rows, Runtime runtime);

    /// <summary>Draws rows from the model, <c>[count, D]</c>; of a sequence model, one sequence.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="random">Where the draws come from.</param>
    public abstract Matrix Sample(int count, RandomStream random);

    /// <summary>The rows with each missing value filled in and each other value as it was, <c>[N, D]</c>.</summary>
    /// <param name="rows">N rows of D columns, NaN where missing.</param>
    /// <param name="draw">Fills in a draw from p(missing|observed); null fills in its mean.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit, or the model cannot fill in values.</exception>
    public virtual Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime) =>
        throw new ElboException($"A {Title} cannot fill in missing values; fit a mixture or a factor model to these rows.");

    /// <summary>What <c>model.json</c> says beside the numbers: sizes and choices, as a JSON object.</summary>
    public abstract JsonElement Definition { get; }

    /// <summary>The parameters by name, as <c>model.safetensors</c> and <c>elbo show</c> give them: <c>weights</c> <c>[K]</c>, <c>means</c> <c>[K, D]</c>, ….</summary>
    public abstract IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters { get; }

    /// <summary>Throws unless rows have the model's columns.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ElboException">They have another number of columns.</exception>
    protected void CheckColumns(Observations rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Columns != Columns)
            throw new ElboException($"The model expects rows of {Columns} columns, and '{rows.Name}' has {rows.Columns}; give the columns that the model was fitted on.");
    }
}
