using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The posterior predictive of Gaussian emissions: Student-t, as of a <see cref="BayesianGaussianMixture"/>.</summary>
internal sealed class StudentEmission : PredictiveEmission
{
    private readonly StudentComponents components;
    private readonly ComponentDensities densities;
    private readonly Matrix means;
    private readonly CovarianceKind kind;

    public StudentEmission(NormalWishartPosterior posterior)
        : base(posterior.Components, posterior.Columns, posterior.Expected().FreeParameters)
    {
        components = StudentComponents.Of(posterior);
        densities = new ComponentDensities(components);
        means = posterior.Means;
        kind = posterior.Kind;
    }

    public override string Family => $"student-{GaussianNames.Of(kind)}";

    public override string Title => $"Student-t, {GaussianNames.Of(kind)} scale";

    public override Matrix Means => means.Clone();

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result) => densities.AddLogDensities(rows, result);

    internal override void FillMean(int index, Span<double> row)
    {
        if (VectorMath.IndexOfNaN(row) >= 0) components.ConditionalMean(index, row.ToArray(), row);
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        if (VectorMath.IndexOfNaN(row) >= 0) components.ConditionalDraw(index, row.ToArray(), random, row);
    }
}
