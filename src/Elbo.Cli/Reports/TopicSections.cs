using System.Globalization;
using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of a topic model: the top words of each topic, and how much of the documents is about it.</summary>
internal static class TopicSections
{
    private const int TopWords = 10;
    private const int MostDocuments = 2_000;

    public static IReadOnlyList<ReportSection> Of(LatentDirichletAllocation model, LoadedObservations rows, Runtime runtime)
    {
        Matrix shares = model.Encode(MixtureSections.Take(rows.Rows, MixtureSections.Spread(rows.Rows.Rows, MostDocuments)), runtime);
        double[] means = new double[model.Topics];
        for (int row = 0; row < shares.Rows; row++)
            for (int topic = 0; topic < means.Length; topic++) means[topic] += shares[row, topic] / shares.Rows;
        int[] order = [.. Enumerable.Range(0, model.Topics).OrderByDescending(topic => means[topic])];
        return
        [
            new TableSection
            {
                Title = "Topics",
                Note = "The words that each topic gives the highest probability, the topics that documents are most about first.",
                Groups =
                [
                    .. order.Select(topic => new TableGroup
                    {
                        Title = model.CodeNames[topic],
                        Entries = [.. model.TopWords(topic, Math.Min(TopWords, model.Columns)).Select(word => new TableEntry(word.Name, word.Probability.ToString("0.0000", CultureInfo.InvariantCulture)))],
                    }),
                ],
            },
            new BarsSection { Title = "Share of topics", ValueLabel = "mean share of a document", Bars = [.. means.Select((share, topic) => new Bar { Name = model.CodeNames[topic], Value = share })] },
        ];
    }
}
