using System.Globalization;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>What a report shows of a hidden Markov model: states over time, the transition matrix, what each state emits.</summary>
internal static class SequenceSections
{
    private const int MostSequences = 6;
    private const int MostRows = 500;
    private const int MostColumns = 4;

    /// <summary>The sections of a hidden Markov model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows it was fitted on.</param>
    /// <param name="runtime">The threads.</param>
    public static IReadOnlyList<ReportSection> Of(HiddenMarkovModel model, LoadedObservations rows, Runtime runtime)
    {
        Matrix posteriors = model.Encode(rows.Rows, runtime);
        HeatmapSection? labels = LabelSections.Shares(rows, model.CodeNames, "state", [(0, posteriors)]);
        return [Timeline(model, rows.Rows, posteriors, runtime), Transitions(model), .. labels is null ? (ReportSection[])[] : [labels], States(model, rows.Rows)];
    }

    private static StateTimelineSection Timeline(HiddenMarkovModel model, Observations rows, Matrix posteriors, Runtime runtime)
    {
        int[] path = model.DecodeStates(rows, byPosterior: false, runtime).States;
        int[] lengths = rows.SequenceLengths.IsEmpty ? [(int)rows.Rows] : rows.SequenceLengths.ToArray();
        int columns = Math.Min(MostColumns, rows.Columns), start = 0;
        List<StateSequence> sequences = [];
        double[] buffer = new double[rows.Columns];
        foreach ((int index, int length) in lengths.Index())
        {
            if (sequences.Count == MostSequences) break;
            int shown = Math.Min(length, MostRows);
            float[] values = new float[shown * columns], shares = new float[shown * model.States];
            for (int t = 0; t < shown; t++)
            {
                ReadOnlySpan<double> row = rows.Read(start + t, 1, buffer);
                for (int j = 0; j < columns; j++) values[t * columns + j] = (float)row[j];
                for (int k = 0; k < model.States; k++) shares[t * model.States + k] = (float)posteriors[start + t, k];
            }

            string part = shown < length ? $"first {shown} of {Text.Count(length)} rows" : $"{shown} rows";
            sequences.Add(new StateSequence { Name = lengths.Length == 1 ? part : $"sequence {index}: {part}", Values = values, Path = path.AsMemory(start, shown), Posteriors = shares });
            start += length;
        }

        return new StateTimelineSection
        {
            Title = "States over time",
            Note = $"Behind what was observed, the most likely path of states (Viterbi); below, how sure the model is of the state of each row.{(rows.Columns > columns ? $" The first {columns} of {rows.Columns} columns are shown." : "")}",
            StateNames = model.CodeNames,
            ColumnNames = [.. rows.ColumnNames.Take(columns)],
            Sequences = sequences,
        };
    }

    private static HeatmapSection Transitions(HiddenMarkovModel model) => new()
    {
        Title = "Transition matrix",
        Note = "The probability of each state after each state.",
        RowNames = model.CodeNames,
        ColumnNames = model.CodeNames,
        RowLabel = "from",
        ColumnLabel = "to",
        ValueLabel = "probability",
        Values = model.Transitions.Values.ToArray(),
        Decimals = 3,
    };

    private static TableSection States(HiddenMarkovModel model, Observations rows)
    {
        Matrix transitions = model.Transitions, means = model.Emission.Means;
        IReadOnlyList<int> emissions = model.StateEmissions;
        return new TableSection
        {
            Title = "States",
            Note = "Where a sequence begins, how long a state lasts on average, and the mean of what it emits.",
            Groups =
            [
                .. Enumerable.Range(0, model.States).Select(state => new TableGroup
                {
                    Title = model.CodeNames[state],
                    Entries =
                    [
                        new TableEntry("start", Text.Number(model.Start[state])),
                        new TableEntry("stay", transitions[state, state] < 1 ? $"{(1 / (1 - transitions[state, state])).ToString("0.#", CultureInfo.InvariantCulture)} rows" : "for good"),
                        .. Enumerable.Range(0, Math.Min(12, means.Columns)).Select(column => new TableEntry($"mean {(column < rows.Columns ? rows.ColumnNames[column] : Text.Number(column))}", Text.Number(means[emissions[state], column]))),
                    ],
                }),
            ],
        };
    }
}
