using System.Text.Json;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit latent-class</c>: latent class analysis of categories.</summary>
internal sealed class LatentClassFamily() : MixtureFamily<LatentClassOptions>("classes", "The least that a probability may be.")
{
    public override string Name => "latent-class";

    public override string Description => "Latent class analysis: a mixture of independent categories by EM; equal rows are taken together.";

    public override IReadOnlyList<string> Examples => ["elbo fit latent-class survey.csv --classes 2", "elbo fit latent-class survey.csv --classes 1..5 --select bic --restarts 20"];

    public override FitResult<RowModel> Fit(FamilyFit fit) => LatentClassModel.Fit(fit.Rows, Common(new LatentClassOptions(), fit), fit.Options, fit.Runtime, fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => LatentClassModel.Load(definition, parameters);
}
