using System.Text.Json.Serialization;
using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>The family of p(x|z), as data: the third of the five choices. It says what a decoder must put out and what that means.</summary>
[JsonConverter(typeof(LikelihoodConverter))]
public abstract record Likelihood
{
    /// <summary>The name in prose: <c>continuous Bernoulli</c>.</summary>
    [JsonIgnore]
    public abstract string Title { get; }

    /// <summary>The values a row may hold, both ends included; infinite by default. Data outside are refused before training.</summary>
    [JsonIgnore]
    public virtual (double Minimum, double Maximum) Support => (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Declares the likelihood for rows of a shape.</summary>
    /// <param name="name">The prefix of its parameters' names: <c>likelihood</c>.</param>
    /// <param name="rowShape">The shape of one row.</param>
    /// <exception cref="ElboException">An option is out of its range.</exception>
    public abstract LikelihoodHead Declare(string name, Shape rowShape);

    /// <summary>Where a decoder's output should start so that p(x|z) has the data's mean: one number for each element of the row; null for no opinion.</summary>
    /// <param name="dataMean">The mean of each element of the rows.</param>
    public virtual double[]? InitialOutput(IReadOnlyList<double> dataMean) => null;

    /// <summary>ln(m/(1 − m)), with m kept in [0.001, 0.999] as in the code of Burda et al. 2016: a pixel that is always black would start at −∞.</summary>
    protected static double Logit(double mean)
    {
        double clipped = Math.Clamp(mean, 0.001, 0.999);
        return Math.Log(clipped / (1 - clipped));
    }
}

/// <summary>A declared likelihood.</summary>
/// <param name="OutputsPerElement">How many numbers the decoder gives for each element of a row; the first extent of its output is that many times the row's.</param>
/// <param name="Parameters">What it learns beside the decoder.</param>
/// <param name="Condition">p(x|z) over <c>[..., B, ...row]</c> from decoder outputs <c>[..., B, p·n, ...]</c>.</param>
public sealed record LikelihoodHead(int OutputsPerElement, IReadOnlyList<Parameter> Parameters, Func<Tensor, Distribution> Condition);
