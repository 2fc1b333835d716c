using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit student-mixture</c>: mixtures that outliers do not pull.</summary>
internal sealed class StudentMixtureFamily() : MixtureFamily<StudentMixtureOptions>("components", "What is added to each variance, in squared units of the columns.")
{
    private readonly Setting<string> covariance = Choices.Choice("covariance", "What the scales of a component may be: a matrix, or a variance per column.", "full", "full", "diagonal");
    private readonly Setting<double?> degrees = Choices.OptionalNumber("degrees-of-freedom", "The degrees of freedom of all components. [default: learned]", 0, above: true);

    public override string Name => "student-mixture";

    public override string Description => "A mixture of Student's t by EM, for data with outliers; values may be missing.";

    public override IReadOnlyList<string> Examples => ["elbo fit student-mixture data.csv --components 3", "elbo fit student-mixture data.csv --components 1..6 --select bic --degrees-of-freedom 4"];

    protected override IReadOnlyList<Setting> Own => [covariance, degrees];

    public override FitResult<RowModel> Fit(FamilyFit fit)
    {
        StudentMixtureOptions options = new() { Scale = NamedEnumConverter<CovarianceKind>.Parse(fit.Values.Get(covariance)) };
        if (fit.Values.Get(degrees) is { } given) options = options with { DegreesOfFreedom = given, LearnDegreesOfFreedom = false };
        return StudentMixture.Fit(fit.Rows, Common(options, fit), fit.Options, fit.Runtime, fit.Cancellation).Untyped();
    }

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => StudentMixture.Load(definition, parameters);

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        MixtureSections.Of((MixtureModel)model, component => MixtureSections.Covariance((MixtureModel)model, "scales", component), "location", rows, runtime);
}
