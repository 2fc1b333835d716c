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
    private readonly int moments;
    private readonly bool isotropic;
    private readonly double[] floors;
    private readonly double total;
    private readonly double[] counts;
    private readonly double[] squares;
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
        moments = factors + 1;
        counts = new double[columns];
        squares = new double[columns];
        foreach (PatternGroup group in groups)
        {
            for (int i = 0; i < group.Count; i++)
                for (int j = 0; j < group.Observed.Length; j++) squares[group.Observed[j]] += group.Rows[i * group.Width + j] * group.Rows[i * group.Width + j];
            foreach (int column in group.Observed) counts[column] += group.Weight;
        }

        long size = (long)columns * moments * (moments + 1);
        cuts = Cut((int)Math.Clamp(PartialValues / Math.Max(size, 1), 1, 32));
        partials = new Partial[cuts.Length - 1];
    }

    /// <summary>The likelihood of a state, in nats per unit of weight, and the state after one update. The mean is relative to the groups' shift.</summary>
    public FitStep<FactorGaussian> Step(FactorGaussian state)
    {
        runtime.For(partials.Length, (part, _) =>
        {
            Partial partial = partials[part] ??= new Partial(columns, factors);
            partial.Clear();
            for (int g = cuts[part]; g < cuts[part + 1]; g++) partial.Add(state, groups[g]);
        });
        Partial sum = partials[0];
        for (int part = 1; part < partials.Length; part++) sum.Add(partials[part]);
        return new FitStep<FactorGaussian>(sum.LogLikelihood / total, Maximize(sum));
    }

    private FactorGaussian Maximize(Partial sum)
    {
        double[] mean = new double[columns], noise = new double[columns], solution = new double[moments];
        Matrix loadings = new(columns, factors);
        double residual = 0, observed = 0;
        for (int j = 0; j < columns; j++)
        {
            Matrix second = new(moments, moments, sum.Second.AsSpan(j * moments * moments, moments * moments).ToArray());
            CholeskyFactor factor = CholeskyFactor.TryFactor(second)
                ?? throw new ElboException($"The regression of column {j} on the factors is singular: its {counts[j]} observed rows do not determine it; leave the column out, or use fewer factors.");
            Span<double> cross = sum.Cross.AsSpan(j * moments, moments);
            cross.CopyTo(solution);
            factor.Solve(solution);
            solution.AsSpan(0, factors).CopyTo(loadings.Row(j));
            mean[j] = solution[factors];
            double rest = squares[j] - VectorMath.Dot(cross, solution);
            noise[j] = Math.Max(rest / counts[j], floors[j]);
            residual += rest;
            observed += counts[j];
        }

        if (isotropic)
        {
            double floor = floors[0];
            Array.Fill(noise, Math.Max(residual / observed, floor));
        }

        return Absorb(sum, mean, loadings, noise);
    }

    /// <summary>z ~ N(η, Φ) with Φ = LLᵀ is z = η + Lu: μ + Wη and WL describe the same rows with a standard normal u.</summary>
    private FactorGaussian Absorb(Partial sum, double[] mean, Matrix loadings, double[] noise)
    {
        if (factors == 0) return new FactorGaussian(mean, loadings, noise);
        double[] center = new double[factors];
        Matrix covariance = new(factors, factors);
        for (int i = 0; i < factors; i++) center[i] = sum.Factors[i * moments + factors] / total;
        for (int i = 0; i < factors; i++)
            for (int j = 0; j < factors; j++) covariance[i, j] = sum.Factors[i * moments + j] / total - center[i] * center[j];
        if (CholeskyFactor.TryFactor(covariance) is not { } factor) return new FactorGaussian(mean, loadings, noise);
        for (int j = 0; j < columns; j++) mean[j] += VectorMath.Dot(loadings.Row(j), center);
        return new FactorGaussian(mean, loadings * factor.Lower, noise);
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
    private sealed class Partial(int columns, int factors)
    {
        private readonly int moments = factors + 1;
        private readonly FactorPosterior posterior = new(columns, factors);
        private readonly double[] centred = new double[columns];
        private readonly double[] code = new double[factors + 1];
        private readonly double[] own = new double[(factors + 1) * (factors + 1)];

        /// <summary>Σ w E[(z, 1)(z, 1)ᵀ] over the rows that have a column, <c>[D, Q + 1, Q + 1]</c>.</summary>
        public double[] Second { get; } = new double[columns * (factors + 1) * (factors + 1)];

        /// <summary>Σ w x E[(z, 1)] over the rows that have a column, <c>[D, Q + 1]</c>.</summary>
        public double[] Cross { get; } = new double[columns * (factors + 1)];

        /// <summary>Σ w E[(z, 1)(z, 1)ᵀ] over all rows, <c>[Q + 1, Q + 1]</c>.</summary>
        public double[] Factors { get; } = new double[(factors + 1) * (factors + 1)];

        public double LogLikelihood { get; private set; }

        public void Clear()
        {
            Second.AsSpan().Clear();
            Cross.AsSpan().Clear();
            Factors.AsSpan().Clear();
            LogLikelihood = 0;
        }

        public void Add(Partial other)
        {
            VectorMath.AddScaled(1, other.Second, Second);
            VectorMath.AddScaled(1, other.Cross, Cross);
            VectorMath.AddScaled(1, other.Factors, Factors);
            LogLikelihood += other.LogLikelihood;
        }

        public void Add(FactorGaussian state, PatternGroup group)
        {
            posterior.Condition(state, group.Observed);
            int observed = group.Observed.Length;
            double quadratic = 0;
            for (int i = 0; i < moments; i++)
                for (int j = 0; j < moments; j++) own[i * moments + j] = i < factors && j < factors ? group.Weight * posterior.Covariance[i * factors + j] : 0;
            for (int row = 0; row < group.Count; row++)
            {
                ReadOnlySpan<double> values = group.Rows.AsSpan(row * group.Width, group.Width);
                double one = values[observed];
                for (int j = 0; j < observed; j++) centred[j] = values[j] - one * state.Mean[group.Observed[j]];
                quadratic += posterior.Infer(centred.AsSpan(0, observed), code.AsSpan(0, factors));
                code[factors] = one;
                for (int i = 0; i < moments; i++) VectorMath.AddScaled(code[i], code, own.AsSpan(i * moments, moments));
                for (int j = 0; j < observed; j++) VectorMath.AddScaled(values[j], code, Cross.AsSpan(group.Observed[j] * moments, moments));
            }

            LogLikelihood -= 0.5 * (group.Weight * posterior.Constant + quadratic);
            VectorMath.AddScaled(1, own, Factors);
            foreach (int column in group.Observed) VectorMath.AddScaled(1, own, Second.AsSpan(column * own.Length, own.Length));
        }
    }
}
