using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// EM for factor models with any pattern of missing values. The complete data are the observed values and the factors (what is missing is never filled in), so
/// the M-step is one regression of each column on the factors of the rows that have it (Rubin and Thayer, "EM algorithms for ML factor analysis", 1982). The
/// factors' own mean and covariance are estimated too and then absorbed into μ and W (parameter expansion: Liu, Rubin and Wu, "Parameter expansion to accelerate EM",
/// 1998), which keeps the likelihood monotone and saves most of the iterations.
/// </summary>
internal sealed class FactorEm
{
    private const long PartialValues = 1 << 22;

    private readonly IReadOnlyList<PatternGroup> groups;
    private readonly int columns;
    private readonly int factors;
    private readonly bool isotropic;
    private readonly bool missing;
    private readonly double[] floors;
    private readonly double total;
    private readonly int[] cuts;
    private readonly Partial[] partials;
    private readonly Runtime runtime;

    /// <param name="groups">The rows by pattern.</param>
    /// <param name="columns">D.</param>
    /// <param name="factors">Q.</param>
    /// <param name="isotropic">Whether all columns share one noise variance.</param>
    /// <param name="floors">The least noise variance of each column, <c>[D]</c>.</param>
    /// <param name="total">The total weight.</param>
    /// <param name="runtime">The threads.</param>
    public FactorEm(IReadOnlyList<PatternGroup> groups, int columns, int factors, bool isotropic, double[] floors, double total, Runtime runtime)
    {
        (this.groups, this.columns, this.factors, this.isotropic, this.floors, this.total, this.runtime) = (groups, columns, factors, isotropic, floors, total, runtime);
        missing = groups.Any(group => group.Observed.Length < columns);
        cuts = Cut((int)Math.Clamp(PartialValues / FactorSums.Length(columns, factors, missing), 1, 32));
        partials = new Partial[cuts.Length - 1];
    }

    /// <summary>The likelihood of a state, in nats per unit of weight, and the state after one update. The mean is relative to the groups' shift.</summary>
    public FitStep<FactorGaussian> Step(FactorGaussian state)
    {
        runtime.For(partials.Length, (part, _) =>
        {
            Partial partial = partials[part] ??= new Partial(columns, factors, missing);
            partial.Clear();
            for (int g = cuts[part]; g < cuts[part + 1]; g++) partial.Add(state, groups[g]);
        });
        Partial sum = partials[0];
        for (int part = 1; part < partials.Length; part++) sum.Add(partials[part]);
        FactorRegression regression = sum.View.Regress(state);
        return new FitStep<FactorGaussian>(sum.LogLikelihood / total, regression.Absorb(isotropic ? regression.SharedNoise(floors[0]) : regression.OwnNoise(floors, state.Noise)));
    }

    /// <summary>Cuts the groups into runs of nearly equal cost; depends on sizes alone.</summary>
    private int[] Cut(int parts)
    {
        double[] costs = [.. groups.Select(group => (double)group.Width * (group.Count * (factors + 1.0) * 3 + (factors + 1.0) * (factors + 1) * 2) + factors * (double)factors * factors)];
        parts = Math.Clamp(parts, 1, Math.Max(groups.Count, 1));
        double all = costs.Sum(), reached = 0;
        List<int> result = [0];
        for (int g = 0; g < groups.Count; g++)
        {
            reached += costs[g];
            if (reached >= all * result.Count / parts && result.Count < parts) result.Add(g + 1);
        }

        if (result[^1] != groups.Count || result.Count == 1) result.Add(groups.Count);
        return [.. result];
    }

    /// <summary>The expected sums over some of the groups.</summary>
    private sealed class Partial(int columns, int factors, bool missing)
    {
        private readonly FactorPosterior posterior = new(columns, factors);
        private readonly double[] centred = new double[columns];
        private readonly double[] code = new double[factors + 1];
        private readonly double[] own = new double[(factors + 1) * (factors + 1)];
        private readonly double[] sums = new double[FactorSums.Length(columns, factors, missing)];

        public FactorSums View => new(sums, columns, factors, missing);

        public double LogLikelihood { get; private set; }

        public void Clear()
        {
            sums.AsSpan().Clear();
            LogLikelihood = 0;
        }

        public void Add(Partial other)
        {
            VectorMath.AddScaled(1, other.sums, sums);
            LogLikelihood += other.LogLikelihood;
        }

        public void Add(FactorGaussian state, PatternGroup group)
        {
            posterior.Condition(state, group.Observed);
            int observed = group.Observed.Length, moments = factors + 1;
            double quadratic = 0;
            posterior.SpreadCovariance(group.Weight, own);
            for (int row = 0; row < group.Count; row++)
            {
                ReadOnlySpan<double> values = group.Rows.AsSpan(row * group.Width, group.Width);
                double one = values[observed];
                for (int j = 0; j < observed; j++) centred[j] = values[j] - one * state.Mean[group.Observed[j]];
                quadratic += posterior.Infer(centred.AsSpan(0, observed), code.AsSpan(0, factors));
                code[factors] = one;
                for (int i = 0; i < moments; i++) VectorMath.AddScaled(code[i], code, own.AsSpan(i * moments, moments));
                View.AddRow(group.Observed, values, 1, code);
            }

            LogLikelihood -= 0.5 * (group.Weight * posterior.Constant + quadratic);
            View.AddSecond(group.Observed, own);
        }
    }
}
