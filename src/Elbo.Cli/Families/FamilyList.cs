using Elbo.Cli.Hosting;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary>The families of row models that the tool fits: the only place that knows them all.</summary>
internal static class FamilyList
{
    /// <summary>All of them, in the order of the help. New objects each time, since options belong to one command.</summary>
    public static IReadOnlyList<Family> Create() =>
    [
        new GaussianMixtureFamily(),
        new BayesianGaussianMixtureFamily(),
        new StudentMixtureFamily(),
        new BernoulliMixtureFamily(),
        new LatentClassFamily(),
        new PoissonMixtureFamily(),
        new MixedMixtureFamily(),
        new HiddenMarkovFamily(),
        new BayesianHiddenMarkovFamily(),
        new StateSpaceFamily(),
        new FactorAnalysisFamily(),
        new ProbabilisticPcaFamily(),
        new BayesianPcaFamily(),
        FactorMixtureFamily.Pca(),
        FactorMixtureFamily.FactorAnalysis(),
        new LatentDirichletAllocationFamily(),
        new BayesianRegressionFamily(),
    ];

    /// <summary>The family of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Family Find(string name)
    {
        IReadOnlyList<Family> all = Create();
        return all.FirstOrDefault(family => family.Name == name)
            ?? throw new UsageException($"'{name}' is not a family of models{NearestName.Suggestion(name, [.. all.Select(static family => family.Name)])}");
    }
}
