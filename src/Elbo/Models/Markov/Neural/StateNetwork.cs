using Elbo.Data;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// The distributions of a row in each state as a network of the state: a table of what the network sees of each state (one-hot, or places on a line, ring or grid) goes in, the
/// parameters of the state's distribution come out. States then share what the network's layers share. What it computes is an <see cref="Emission"/> like any other.
/// </summary>
/// <remarks>
/// Outputs are measured from the data, so that a network near 0 describes them as a whole: Bernoulli <c>p = σ(logit mean + o)</c>, Poisson <c>λ = mean · eᵒ</c>, Gaussian
/// <c>m = mean + sd · o₁</c> and <c>v = sd² e^o₂ + regularization</c> for each column, categorical <c>π = softmax(o)</c>.
/// </remarks>
public sealed class StateNetwork
{
    /// <summary>Beyond these logits a probability is 0 or 1 to a double's digits.</summary>
    private const double LargestLogit = 30;

    private readonly Layer network;
    private readonly Matrix states;
    private readonly double[] means, deviations;
    private readonly int[] categories;
    private readonly double regularization;
    private readonly Tensor? logs;

    /// <summary>Builds the network.</summary>
    /// <param name="rows">The rows it is for: their columns, and the scale of its outputs.</param>
    /// <param name="emission">Gaussian (independent columns), Bernoulli, categorical or Poisson.</param>
    /// <param name="states">What the network sees of each state, <c>[K, inputs]</c>: see <see cref="OneHot"/>.</param>
    /// <param name="network">The layers before the output; without hidden layers each output is linear in the inputs. Nothing random, nothing that depends on a batch.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="regularization">What is added to each variance, in squared units of the columns; not negative.</param>
    /// <exception cref="ElboException">The family has no network, the rows do not fit it, or the network draws or mixes rows.</exception>
    public StateNetwork(Observations rows, EmissionKind emission, Matrix states, NetworkDefinition network, Runtime runtime, double regularization = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(network);
        if (emission == EmissionKind.GaussianMixture) throw new ElboException("A network of the state gives one Gaussian for each state; use Gaussian emissions with more states.");
        if (network.Dropout > 0 || network.Normalization == NormalizationKind.Batch)
            throw new ElboException("The expectation step is exact only for a network that computes the same for the same state; leave out dropout and batch normalisation.");
        if (!(regularization >= 0 && double.IsFinite(regularization))) throw new ElboException(FormattableString.Invariant($"The regularization is {regularization}; give a number that is finite and not negative."));
        EmissionChecks.Finite(states, "input");
        ColumnSummary summary = ColumnSummary.Of(rows, runtime);
        Emission = emission;
        Columns = rows.Columns;
        this.states = states.Clone();
        this.regularization = regularization;
        means = summary.Means.ToArray();
        // A column without spread is refused by the start of a fit, in words.
        deviations = [.. Enumerable.Range(0, Columns).Select(d => summary.Variance(d) > 0 ? Math.Sqrt(summary.Variance(d)) : 1)];
        categories = emission == EmissionKind.Categorical ? [.. EmissionStarts.Categories(rows)] : [];
        int outputs = emission switch { EmissionKind.Gaussian => 2 * Columns, EmissionKind.Categorical => categories.Sum(), _ => Columns };
        this.network = network.Build("emission", [states.Columns], outputs);
        (Distribution, logs) = Describe(this.network.Apply(Tensor.Constant([states.Rows, states.Columns], this.states.Values), new LayerContext(isTraining: false)));
    }

    /// <summary>The family of the distributions.</summary>
    public EmissionKind Emission { get; }

    /// <summary>K, the number of states.</summary>
    public int States => states.Rows;

    /// <summary>D, the number of columns.</summary>
    public int Columns { get; }

    /// <summary>What the network learns.</summary>
    public IReadOnlyList<Parameter> Parameters => network.Parameters;

    /// <summary>The number of the network's parameters, for a BIC of one's own: the model's counts those of the distributions.</summary>
    public long FreeParameters => Parameters.Sum(static parameter => (long)parameter.Shape.ElementCount);

    /// <summary>The parameters of the distributions: probabilities <c>[K, D]</c> or <c>[K, Σ categories]</c>, rates <c>[K, D]</c>, or means and variances.</summary>
    internal IReadOnlyList<Tensor> Distribution { get; }

    /// <summary>Inputs that tell each state from all others and nothing else, <c>[K, K]</c>.</summary>
    /// <param name="count">K.</param>
    public static Matrix OneHot(int count)
    {
        Matrix result = new(count, count);
        for (int k = 0; k < count; k++) result[k, k] = 1;
        return result;
    }

    /// <summary>The distributions of such parameters.</summary>
    internal Emission Read(IReadOnlyList<double[]> values)
    {
        Matrix first = new(States, values[0].Length / States, values[0]);
        return Emission switch
        {
            EmissionKind.Bernoulli => new BernoulliEmission(first),
            EmissionKind.Poisson => new PoissonEmission(first),
            EmissionKind.Categorical => CategoricalEmission.FromTable(first, categories),
            _ => new DiagonalGaussianEmission(first, new Matrix(States, Columns, values[1])),
        };
    }

    /// <summary>Σₖ E[ln p(x|zₖ)] up to a constant, from expected sums.</summary>
    /// <param name="sums">The inputs that <see cref="WriteSums"/> writes.</param>
    internal Tensor Objective(out Tensor[] sums)
    {
        Tensor Sum(string name, int width) => Tensor.Input(name, [States, width]);
        switch (Emission)
        {
            case EmissionKind.Bernoulli:
                sums = [Sum("ones", Columns), Sum("zeros", Columns)];
                return (sums[0] * logs!.LogSigmoid() + sums[1] * (-logs!).LogSigmoid()).Sum();
            case EmissionKind.Poisson:
                sums = [Sum("sums", Columns), Sum("numbers", Columns)];
                return (sums[0] * logs! - sums[1] * Distribution[0]).Sum();
            case EmissionKind.Categorical:
                sums = [Sum("counts", categories.Sum())];
                return (sums[0] * logs!).Sum();
            default:
                sums = [Sum("numbers", Columns), Sum("means", Columns), Sum("scatters", Columns)];
                return -0.5 * (sums[0] * (Distribution[1].Log() + (sums[1] - Distribution[0]).Square() / Distribution[1]) + sums[2] / Distribution[1]).Sum();
        }
    }

    /// <summary>Writes the expected sums of an emission into the inputs of <see cref="Objective"/>.</summary>
    internal void WriteSums(Emission emission, double[] statistics, Func<int, Span<double>> input)
    {
        for (int k = 0; k < States; k++)
        {
            for (int d = 0; d < Columns; d++)
            {
                int at = k * Columns + d;
                switch (emission)
                {
                    case DiagonalGaussianEmission gaussian:
                        (input(0)[at], input(1)[at], input(2)[at]) = gaussian.Moments(statistics, k, d);
                        break;
                    case PoissonEmission poisson:
                        (input(1)[at], input(0)[at]) = poisson.Sums(statistics, k, d);
                        break;
                    case BernoulliEmission bernoulli:
                        (input(1)[at], input(0)[at]) = (bernoulli.CellCount(statistics, k, 2 * d), bernoulli.CellCount(statistics, k, 2 * d + 1));
                        break;
                }
            }

            if (emission is not CategoricalEmission categorical) continue;
            int cells = categories.Sum();
            for (int c = 0; c < cells; c++) input(0)[k * cells + c] = categorical.CellCount(statistics, k, c);
        }
    }

    /// <summary>The parameters of the distributions, and their logits or logarithms where there are some.</summary>
    private (Tensor[] Distribution, Tensor? Logs) Describe(Tensor outputs)
    {
        switch (Emission)
        {
            case EmissionKind.Bernoulli:
                double[] logits = [.. means.Select(static mean => Math.Log(Math.Clamp(mean, 0.01, 0.99) / (1 - Math.Clamp(mean, 0.01, 0.99))))];
                Tensor logit = (outputs + Tensor.Constant([Columns], logits)).Clamp(-LargestLogit, LargestLogit);
                return ([logit.Sigmoid()], logit);
            case EmissionKind.Poisson:
                double[] logMeans = [.. means.Select(static mean => Math.Log(Math.Max(mean, 1e-3)))];
                Tensor logRate = (outputs + Tensor.Constant([Columns], logMeans)).Clamp(-300, 300);
                return ([logRate.Exp()], logRate);
            case EmissionKind.Categorical:
                List<Tensor> parts = [];
                int first = 0;
                foreach (int count in categories)
                {
                    parts.Add(outputs.Slice(1, first, count).LogSoftmax().Clamp(-LargestLogit, 0).LogSoftmax());
                    first += count;
                }

                Tensor log = parts.Count == 1 ? parts[0] : Tensor.Concatenate(1, [.. parts]);
                return ([log.Exp()], log);
            default:
                Tensor center = Tensor.Constant([Columns], means), scale = Tensor.Constant([Columns], deviations);
                return ([center + scale * outputs.Slice(1, 0, Columns), scale.Square() * outputs.Slice(1, Columns, Columns).Clamp(-300, 300).Exp() + regularization], null);
        }
    }
}
