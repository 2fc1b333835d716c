using System.Text.Json;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary><c>elbo fit lda</c>: topic models.</summary>
internal sealed class LatentDirichletAllocationFamily : Family
{
    private readonly Setting<SizeRange> topics = Choices.Size("topics", "How many topics", 10);
    private readonly Setting<double?> documentPrior = Choices.OptionalNumber("document-prior", "The concentration of each topic in a document's proportions. [default: 1 / topics]", 0, above: true);
    private readonly Setting<double?> wordPrior = Choices.OptionalNumber("word-prior", "The concentration of each word in a topic. [default: 1 / topics]", 0, above: true);
    private readonly Setting<int> documentIterations = Choices.Whole("document-iterations", "The most updates of one document in one iteration.", 100, 1);
    private readonly FlagSetting online = Choices.Flag("online", "Update from batches of documents, by stochastic variational inference.");
    private readonly Setting<int> batchSize = Choices.Whole("batch-size", "Documents in a batch, with --online.", 256, 1);
    private readonly Setting<double> decay = Choices.Number("decay", "How fast the steps shrink, above 0.5 and at most 1, with --online.", 0.7, 0);
    private readonly Setting<double> delay = Choices.Number("delay", "How much the first batches are damped, with --online.", 10, 1);

    public override string Name => "lda";

    public override string Description => "A topic model (latent Dirichlet allocation); a row is a document, a column the count of a word.";

    public override IReadOnlyList<string> Examples => ["elbo fit lda docs.csv --topics 20", "elbo fit lda docs.npy --topics 50 --online --batch-size 512 --max-iterations 20"];

    public override IReadOnlyList<Setting> Settings => [documentPrior, wordPrior, documentIterations, online, batchSize, decay, delay];

    public override Setting<SizeRange> Size => topics;

    public override IReadOnlyList<string> Criteria => ["elbo"];

    public override bool IsExact => false;

    public override bool TakesStart => false;

    public override FitResult<RowModel> Fit(FamilyFit fit) => LatentDirichletAllocation.Fit(
        fit.Rows,
        new LatentDirichletAllocationOptions
        {
            Topics = fit.Size,
            DocumentPrior = fit.Values.Get(documentPrior),
            WordPrior = fit.Values.Get(wordPrior),
            DocumentIterations = fit.Values.Get(documentIterations),
            Online = fit.Values.Get(online) ? new StochasticOptions { BatchSize = fit.Values.Get(batchSize), Decay = fit.Values.Get(decay), Delay = fit.Values.Get(delay) } : null,
        },
        fit.Options,
        fit.Runtime,
        fit.Cancellation).Untyped();

    public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => LatentDirichletAllocation.Load(definition, parameters);

    public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) =>
        TopicSections.Of((LatentDirichletAllocation)model, rows, runtime);
}
