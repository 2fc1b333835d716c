using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Documents as counts of words, only those that occur: what a topic model reads. Immutable.</summary>
public sealed class DocumentCounts
{
    private readonly long[] starts;
    private readonly int[] words;
    private readonly double[] counts;
    private readonly double[] weights;

    private DocumentCounts(string name, int vocabulary, long[] starts, int[] words, double[] counts, double[] weights, IReadOnlyList<string>? wordNames)
    {
        Name = name;
        Vocabulary = vocabulary;
        this.starts = starts;
        this.words = words;
        this.counts = counts;
        this.weights = weights;
        WordNames = wordNames;
        foreach (double count in counts) TotalCount += count;
    }

    /// <summary>What to call the documents in messages.</summary>
    public string Name { get; }

    /// <summary>N, the number of documents.</summary>
    public int Documents => starts.Length - 1;

    /// <summary>V, the number of different words.</summary>
    public int Vocabulary { get; }

    /// <summary>The words themselves, or null.</summary>
    public IReadOnlyList<string>? WordNames { get; }

    /// <summary>The sum of all counts, weights not applied.</summary>
    public double TotalCount { get; }

    /// <summary>The number of counts that are not 0.</summary>
    public int Entries => words.Length;

    /// <summary>One weight per document, or empty where each counts once.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The words of a document, ascending.</summary>
    /// <param name="document">Its number, from 0.</param>
    public ReadOnlySpan<int> Words(int document) => words.AsSpan(Start(document), Start(document + 1) - Start(document));

    /// <summary>The counts of a document, in the order of <see cref="Words"/>.</summary>
    /// <param name="document">Its number, from 0.</param>
    public ReadOnlySpan<double> Counts(int document) => counts.AsSpan(Start(document), Start(document + 1) - Start(document));

    /// <summary>Reads rows of counts: one document per row, one word per column.</summary>
    /// <param name="rows">The counts: finite, none negative, none missing; whole numbers are not demanded.</param>
    /// <exception cref="ElboException">A count is missing or negative.</exception>
    public static DocumentCounts FromObservations(Observations rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int block = Math.Max(1, (1 << 20) / rows.Columns);
        double[] buffer = new double[block * rows.Columns];
        List<int> words = [];
        List<double> counts = [];
        if (rows.Rows >= int.MaxValue) throw new ElboException($"The data '{rows.Name}' have {rows.Rows} documents; at most {int.MaxValue - 1} can be read.");
        long[] starts = new long[rows.Rows + 1];
        for (long first = 0; first < rows.Rows; first += block)
        {
            int count = (int)Math.Min(block, rows.Rows - first);
            ReadOnlySpan<double> values = rows.Read(first, count, buffer);
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<double> document = values.Slice(row * rows.Columns, rows.Columns);
                for (int word = 0; word < document.Length; word++)
                {
                    double value = document[word];
                    if (value == 0) continue;
                    if (!(value > 0 && double.IsFinite(value)))
                    {
                        throw new ElboException(double.IsNaN(value)
                            ? $"{rows.RowName(first + row)}, column '{rows.ColumnNames[word]}' of '{rows.Name}' is missing; a topic model needs every count, 0 where a word does not occur."
                            : $"{rows.RowName(first + row)}, column '{rows.ColumnNames[word]}' of '{rows.Name}' is {value}; counts of words are not negative.");
                    }

                    words.Add(word);
                    counts.Add(value);
                }

                starts[first + row + 1] = words.Count;
            }
        }

        return new DocumentCounts(rows.Name, rows.Columns, starts, [.. words], [.. counts], [.. rows.Weights], rows.ColumnNames);
    }

    /// <summary>Counts the words of documents.</summary>
    /// <param name="name">What to call them in messages.</param>
    /// <param name="documents">The word numbers of each document, in any order; a document may be empty.</param>
    /// <param name="vocabulary">V; every word number is below it.</param>
    /// <param name="wordNames">The words themselves, or null.</param>
    /// <exception cref="ElboException">There is no document, or a word number lies outside, or the names are not V.</exception>
    public static DocumentCounts FromTokens(string name, IReadOnlyList<int[]> documents, int vocabulary, IReadOnlyList<string>? wordNames = null)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (documents.Count == 0 || vocabulary < 1) throw new ElboException($"The corpus '{name}' has {documents.Count} documents and {vocabulary} words; give at least one of each.");
        if (wordNames is not null && wordNames.Count != vocabulary) throw new ElboException($"{wordNames.Count} words were named, and the vocabulary of '{name}' has {vocabulary}.");
        List<int> words = [];
        List<double> counts = [];
        long[] starts = new long[documents.Count + 1];
        for (int d = 0; d < documents.Count; d++)
        {
            int[] sorted = [.. documents[d].Order()];
            for (int i = 0; i < sorted.Length; i++)
            {
                if ((uint)sorted[i] >= (uint)vocabulary) throw new ElboException($"Document {d} of '{name}' has word {sorted[i]}; word numbers go from 0 to {vocabulary - 1}.");
                if (i > 0 && sorted[i] == sorted[i - 1])
                {
                    counts[^1]++;
                    continue;
                }

                words.Add(sorted[i]);
                counts.Add(1);
            }

            starts[d + 1] = words.Count;
        }

        return new DocumentCounts(name, vocabulary, starts, [.. words], [.. counts], [], wordNames);
    }

    /// <summary>Where a document's entries begin among all.</summary>
    internal int Start(int document) => (int)starts[document];

    /// <summary>The sum of a document's counts.</summary>
    internal double Length(int document)
    {
        double sum = 0;
        foreach (double count in Counts(document)) sum += count;
        return sum;
    }

    internal double Weight(int document) => weights.Length == 0 ? 1 : weights[document];

    internal double TotalWeight => weights.Length == 0 ? Documents : weights.Sum();

    /// <summary>Chosen documents in the order given.</summary>
    internal DocumentCounts Select(ReadOnlySpan<int> documents)
    {
        long[] chosen = new long[documents.Length + 1];
        for (int i = 0; i < documents.Length; i++) chosen[i + 1] = chosen[i] + Words(documents[i]).Length;
        int[] chosenWords = new int[chosen[^1]];
        double[] chosenCounts = new double[chosen[^1]];
        double[] chosenWeights = new double[weights.Length == 0 ? 0 : documents.Length];
        for (int i = 0; i < documents.Length; i++)
        {
            Words(documents[i]).CopyTo(chosenWords.AsSpan((int)chosen[i]));
            Counts(documents[i]).CopyTo(chosenCounts.AsSpan((int)chosen[i]));
            if (chosenWeights.Length > 0) chosenWeights[i] = weights[documents[i]];
        }

        return new DocumentCounts(Name, Vocabulary, chosen, chosenWords, chosenCounts, chosenWeights, WordNames);
    }

    /// <summary>The same counts by word: for each word its documents and the places of its entries, ascending.</summary>
    internal (int[] Starts, int[] Documents, int[] Places) ByWord()
    {
        int[] wordStarts = new int[Vocabulary + 1];
        foreach (int word in words) wordStarts[word + 1]++;
        for (int w = 0; w < Vocabulary; w++) wordStarts[w + 1] += wordStarts[w];
        int[] documents = new int[words.Length], places = new int[words.Length], next = [.. wordStarts];
        for (int d = 0; d < Documents; d++)
        {
            for (int place = Start(d); place < Start(d + 1); place++)
            {
                int target = next[words[place]]++;
                documents[target] = d;
                places[target] = place;
            }
        }

        return (wordStarts, documents, places);
    }
}
