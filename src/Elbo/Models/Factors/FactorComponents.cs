using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>K factor models as the densities of a mixture (Ghahramani and Hinton, "The EM algorithm for mixtures of factor analyzers", 1996).</summary>
/// <remarks>The latent variables of EM are the component and the factors; what is missing is integrated out with them.</remarks>
internal sealed class FactorComponents : ComponentFamily
{
    private readonly FactorGaussian[] gaussians;
    private readonly FactorPosterior[] complete;
    private readonly double[] floors;
    private readonly bool missing;

    /// <param name="gaussians">The components, all of the same sizes.</param>
    /// <param name="noise">What the noise variances may be.</param>
    /// <param name="floors">The least noise variance of each column, <c>[D]</c>.</param>
    /// <param name="missing">Whether M-steps will see incomplete rows.</param>
    public FactorComponents(FactorGaussian[] gaussians, FactorNoise noise, double[] floors, bool missing)
        : base(gaussians.Length, gaussians[0].Columns)
    {
        this.gaussians = gaussians;
        this.floors = floors;
        this.missing = missing;
        Noise = noise;
        complete = new FactorPosterior[gaussians.Length];
        int[] all = [.. Enumerable.Range(0, Columns)];
        for (int k = 0; k < complete.Length; k++)
        {
            complete[k] = new FactorPosterior(Columns, Factors);
            complete[k].Condition(gaussians[k], all);
        }
    }

    public FactorNoise Noise { get; }

    public int Factors => gaussians[0].Factors;

    public double[] Floors => floors;

    public FactorGaussian this[int component] => gaussians[component];

    public override long FreeParameters
    {
        get
        {
            long d = Columns, q = Factors, loadings = d * q - q * (q - 1) / 2, full = d * (d + 1) / 2;
            return Components * d + Noise switch
            {
                FactorNoise.Isotropic => Components * Math.Min(loadings + 1, full),
                FactorNoise.Diagonal => Components * Math.Min(loadings + d, full),
                _ => Math.Min(Components * loadings + d, Components * full),
            };
        }
    }

    private int ComponentLength => FactorSums.Length(Columns, Factors, missing);

    public override int StatisticsLength => checked(Components * ComponentLength);

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters
    {
        get
        {
            double[] means = new double[Components * Columns], loadings = new double[means.Length * Factors], noise = new double[means.Length];
            for (int k = 0; k < Components; k++)
            {
                gaussians[k].Mean.CopyTo(means, k * Columns);
                gaussians[k].Noise.CopyTo(noise, k * Columns);
                gaussians[k].Loadings.Values.CopyTo(loadings.AsSpan(k * Columns * Factors));
            }

            return
            [
                new("means", NumericArray.From<double>(means, Components, Columns)),
                new("loadings", NumericArray.From<double>(loadings, Components, Columns, Factors)),
                new("noiseVariances", NumericArray.From<double>(noise, Components, Columns)),
            ];
        }
    }

    public override void WriteDefinition(Utf8JsonWriter writer)
    {
        writer.WriteNumber("factors", Factors);
        writer.WriteString("noise", FactorNoises.Name(Noise));
    }

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        double[] centred = new double[Columns], code = new double[Factors];
        foreach (MissingGroup? group in Groups(rows))
        {
            FactorPosterior? partial = group is null ? null : new FactorPosterior(Columns, Factors);
            int count = group?.Rows.Count ?? rows.Count;
            for (int k = 0; k < Components; k++)
            {
                FactorPosterior posterior = Set(partial, k, group);
                for (int i = 0; i < count; i++)
                {
                    int row = group is null ? i : group.Rows[i];
                    ReadOnlySpan<double> values = Center(rows.Row(row), posterior.Observed, gaussians[k].Mean, centred);
                    result[k * rows.Count + row] = -0.5 * (posterior.Constant + posterior.Infer(values, code));
                }
            }
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        int moments = Factors + 1;
        double[] centred = new double[Columns], code = new double[moments], second = new double[moments * moments];
        code[Factors] = 1;
        foreach (MissingGroup? group in Groups(rows))
        {
            FactorPosterior? partial = group is null ? null : new FactorPosterior(Columns, Factors);
            int count = group?.Rows.Count ?? rows.Count;
            for (int k = 0; k < Components; k++)
            {
                ReadOnlySpan<double> shares = responsibilities.Slice(k * rows.Count, rows.Count);
                double total = 0;
                for (int i = 0; i < count; i++) total += shares[group is null ? i : group.Rows[i]];
                if (total == 0) continue;
                FactorPosterior posterior = Set(partial, k, group);
                FactorSums sums = new(statistics.Slice(k * ComponentLength, ComponentLength), Columns, Factors, missing);
                posterior.SpreadCovariance(total, second);
                for (int i = 0; i < count; i++)
                {
                    int row = group is null ? i : group.Rows[i];
                    double share = shares[row];
                    if (share == 0) continue;
                    ReadOnlySpan<double> values = Center(rows.Row(row), posterior.Observed, gaussians[k].Mean, centred);
                    posterior.Infer(values, code.AsSpan(0, Factors));
                    for (int j = 0; j < moments; j++) VectorMath.AddScaled(share * code[j], code, second.AsSpan(j * moments, moments));
                    sums.AddRow(posterior.Observed, values, share, code);
                }

                sums.AddSecond(posterior.Observed, second);
            }
        }
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        FactorRegression?[] regressions = new FactorRegression?[Components];
        for (int k = 0; k < Components; k++)
        {
            if (counts[k] == 0) continue;
            double[] own = statistics.Slice(k * ComponentLength, ComponentLength).ToArray();
            regressions[k] = new FactorSums(own, Columns, Factors, missing).Regress(gaussians[k]);
        }

        double[]? shared = Noise == FactorNoise.Shared ? PooledNoise(regressions) : null;
        FactorGaussian[] next = new FactorGaussian[Components];
        for (int k = 0; k < Components; k++)
        {
            FactorGaussian last = gaussians[k];
            if (regressions[k] is not { } regression)
            {
                next[k] = shared is null ? last : last with { Noise = shared };
                continue;
            }

            double[] noise = shared ?? (Noise == FactorNoise.Isotropic ? regression.SharedNoise(floors[0]) : regression.OwnNoise(floors, last.Noise));
            FactorGaussian update = regression.Absorb(noise);
            // The sums were taken about the last mean.
            VectorMath.AddScaled(1, last.Mean, update.Mean);
            next[k] = update;
        }

        return new FactorComponents(next, Noise, floors, missing);
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result) => Complete(component, row, null, result);

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result) => Complete(component, row, random, result);

    /// <summary>μₖ + Wₖ E[z|x, k] of a row, and E[z|x, k].</summary>
    public void Explain(int component, ReadOnlySpan<double> row, Span<double> code, Span<double> result)
    {
        Infer(component, row, code);
        FactorGaussian gaussian = gaussians[component];
        for (int j = 0; j < result.Length; j++) result[j] = gaussian.Mean[j] + VectorMath.Dot(gaussian.Loadings.Row(j), code);
    }

    public override void CheckFit(ColumnSummary summary, Observations rows)
    {
        bool varies = false;
        for (int j = 0; j < Columns; j++)
        {
            bool constant = summary.Minima[j] == summary.Maxima[j];
            varies |= !constant;
            if (constant && Noise != FactorNoise.Isotropic)
                throw new ElboException(FormattableString.Invariant($"Column '{rows.ColumnNames[j]}' of '{rows.Name}' holds the one value {summary.Minima[j]}, so its noise variance would be 0 and its density infinite; drop the column."));
        }

        if (!varies) throw new ElboException($"All columns of '{rows.Name}' are constant, so the noise variance would be 0 and the density infinite; give rows that differ.");
    }

    private double[] PooledNoise(FactorRegression?[] regressions)
    {
        double[] residuals = new double[Columns], counts = new double[Columns], noise = new double[Columns];
        foreach (FactorRegression? regression in regressions)
        {
            if (regression is null) continue;
            VectorMath.AddScaled(1, regression.Residuals, residuals);
            VectorMath.AddScaled(1, regression.Counts, counts);
        }

        for (int j = 0; j < Columns; j++) noise[j] = counts[j] > 0 ? Math.Max(residuals[j] / counts[j], floors[j]) : gaussians[0].Noise[j];
        return noise;
    }

    /// <summary>The patterns of a block; one null for a block in which nothing is missing.</summary>
    private static IEnumerable<MissingGroup?> Groups(RowBlock rows) =>
        !rows.MayHaveMissing || !rows.Values.Contains(double.NaN) ? new MissingGroup?[] { null } : MissingPatterns.Group(rows);

    private FactorPosterior Set(FactorPosterior? partial, int component, MissingGroup? group)
    {
        if (partial is null || group!.Missing.Length == 0) return complete[component];
        partial.Condition(gaussians[component], group.Observed);
        return partial;
    }

    private FactorPosterior Infer(int component, ReadOnlySpan<double> row, Span<double> code)
    {
        MissingGroup? group = row.Contains(double.NaN) ? MissingPatterns.Of(row) : null;
        FactorPosterior posterior = Set(group is null ? null : new FactorPosterior(Columns, Factors), component, group);
        posterior.Infer(Center(row, posterior.Observed, gaussians[component].Mean, new double[Columns]), code);
        return posterior;
    }

    private void Complete(int component, ReadOnlySpan<double> row, RandomStream? draw, Span<double> result)
    {
        double[] code = new double[Factors];
        Infer(component, row, code).Complete(row, code, draw, result);
    }

    private static ReadOnlySpan<double> Center(ReadOnlySpan<double> row, ReadOnlySpan<int> observed, double[] mean, double[] result)
    {
        for (int j = 0; j < observed.Length; j++) result[j] = row[observed[j]] - mean[observed[j]];
        return result.AsSpan(0, observed.Length);
    }
}
