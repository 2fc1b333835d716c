namespace Elbo.Cli.Studies;

/// <summary>The studies that the tool carries.</summary>
internal static class StudyList
{
    public static IReadOnlyList<Study> All { get; } = [new Estimators.EstimatorStudy(), new FigureThree.FigureThreeStudy()];

    public static Study? Find(string name) => All.FirstOrDefault(study => study.Name == name);
}
