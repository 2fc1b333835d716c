using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>q of the parameters of the emissions of a Bayesian hidden Markov model, beside their prior: one class for each conjugate family. Immutable.</summary>
internal abstract class EmissionPosterior
{
    /// <summary>K.</summary>
    public abstract int Count { get; }

    /// <summary>D.</summary>
    public abstract int Columns { get; }

    /// <summary>The family as <see cref="EmissionFamilies"/> calls it.</summary>
    public abstract string Family { get; }

    /// <summary>The family in words.</summary>
    public abstract string Title { get; }

    /// <summary>The free parameters of all distributions.</summary>
    public abstract long FreeParameters { get; }

    /// <summary>What the parameters and their posterior and prior are called in a model file.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters { get; }

    /// <summary>E[ln p(x|zₖ)] under this posterior.</summary>
    public abstract IStateDensities Expected();

    /// <summary>ln p(x|zₖ) of given parameters, with the sums that <see cref="Next"/> takes: what a fit starts from.</summary>
    /// <param name="emission">Of the same family and sizes.</param>
    public abstract IStateDensities Given(Emission emission);

    /// <summary>The posterior after expected rows: the prior and their sums, added.</summary>
    /// <param name="densities">By what the rows were summed.</param>
    /// <param name="statistics">The sums.</param>
    public abstract EmissionPosterior Next(IStateDensities densities, double[] statistics);

    /// <summary>KL to the prior, in nats.</summary>
    public abstract double Kl();

    /// <summary>∫ p(x|zₖ) q: the posterior predictive distributions of a row.</summary>
    public abstract Emission Predictive();

    /// <summary>Writes what the parameters do not say, as properties.</summary>
    public virtual void WriteDefinition(Utf8JsonWriter writer)
    {
    }

    protected static KeyValuePair<string, NumericArray> Named(string name, Matrix values) => new(name, NumericArray.From<double>(values.Values, values.Rows, values.Columns));
}
