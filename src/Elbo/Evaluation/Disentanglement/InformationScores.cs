using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>
/// How well single code dimensions stand for single known factors, by mutual information between each factor and each dimension cut into bins, with the protocol of
/// disentanglement_lib (Locatello et al. 2019, arXiv 1811.12359, appendix C): equal bins between a dimension's least and largest value.
/// </summary>
/// <param name="MutualInformationGap">
/// MIG: the mean over factors of <c>(I₁ − I₂) / H(factor)</c>, of the two dimensions that tell most of it (Chen et al. 2018, arXiv 1802.04942, equation 6). 1 where one dimension
/// alone tells each factor, 0 where two tell as much.
/// </param>
/// <param name="Modularity">
/// The mean over dimensions of <c>1 − Σ I² / (I_max² (factors − 1))</c>, the sum over all factors but the one it tells most of (Ridgeway and Mozer 2018, arXiv 1802.05312,
/// equation 2): 1 where each dimension tells of one factor at most. A dimension that tells of none counts 0.
/// </param>
/// <param name="MutualInformation">I(dimension; factor) in nats, <c>[dimensions, factors]</c>.</param>
/// <param name="Bins">The number of bins.</param>
public sealed record InformationScores(double MutualInformationGap, double Modularity, Matrix MutualInformation, int Bins)
{
    /// <summary>Compares codes with the factors behind them.</summary>
    /// <param name="codes">The codes, <c>[N, D]</c>; usually 10,000 posterior means.</param>
    /// <param name="factors">The factors of the same rows.</param>
    /// <param name="bins">The number of bins, at least 2; disentanglement_lib's is 20.</param>
    /// <exception cref="ElboException">The numbers of rows differ, there are fewer than two dimensions or factors, a code is not finite, or a factor has one value only.</exception>
    public static InformationScores Of(Matrix codes, Factors factors, int bins = 20)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(factors);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        int known = factors.Names.Count;
        if (codes.Rows != factors.Rows || codes.Rows == 0) throw new ElboException($"{codes.Rows} codes cannot be compared with the factors of {factors.Rows} rows; give one code for each row.");
        if (codes.Columns < 2) throw new ElboException($"A gap between two dimensions needs codes of at least two, and they have {codes.Columns}.");
        if (known < 2) throw new ElboException($"Modularity needs at least two factors, and there is only '{factors.Names[0]}'.");
        int[][] columns = [.. Enumerable.Range(0, known).Select(factor => Enumerable.Range(0, codes.Rows).Select(row => factors.Row(row)[factor]).ToArray())];
        double[] entropies = [.. columns.Select(static column => Shared(column, column))];
        int constant = Array.FindIndex(entropies, static entropy => entropy <= 0);
        if (constant >= 0) throw new ElboException($"The factor '{factors.Names[constant]}' has one value in all rows, so codes cannot tell it; draw rows in which it varies.");

        Matrix information = new(codes.Columns, known);
        for (int dimension = 0; dimension < codes.Columns; dimension++)
        {
            int[] cut = Cut(codes, dimension, bins);
            for (int factor = 0; factor < known; factor++) information[dimension, factor] = Math.Max(0, Shared(cut, columns[factor]));
        }

        double gap = 0;
        for (int factor = 0; factor < known; factor++)
        {
            double[] sorted = [.. Enumerable.Range(0, codes.Columns).Select(dimension => information[dimension, factor]).OrderDescending()];
            gap += (sorted[0] - sorted[1]) / entropies[factor] / known;
        }

        double modularity = 0;
        for (int dimension = 0; dimension < codes.Columns; dimension++)
        {
            double[] squares = [.. information.Row(dimension).ToArray().Select(static value => value * value)];
            double most = squares.Max();
            if (most > 0) modularity += (1 - (squares.Sum() - most) / (most * (known - 1))) / codes.Columns;
        }

        return new InformationScores(gap, modularity, information, bins);
    }

    /// <summary>The bin of each value: edges as NumPy's <c>histogram</c> makes them, and the largest value in a bin of its own kind, the last.</summary>
    private static int[] Cut(Matrix codes, int dimension, int bins)
    {
        double[] values = new double[codes.Rows];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = codes[i, dimension];
            if (!double.IsFinite(values[i])) throw new ElboException($"Dimension {dimension} of code {i} is {values[i]}; scores need finite codes.");
        }

        double low = values.Min(), high = values.Max();
        if (low == high) return new int[values.Length];
        double step = (high - low) / bins;
        double[] edges = [.. Enumerable.Range(0, bins).Select(i => low + i * step)];
        return Array.ConvertAll(values, value =>
        {
            int place = Array.BinarySearch(edges, value);
            return place >= 0 ? place : ~place - 1;
        });
    }

    /// <summary>I(a; b) of two columns of whole numbers from 0, in nats; the entropy where both are one.</summary>
    private static double Shared(int[] a, int[] b)
    {
        double n = a.Length;
        int wide = b.Max() + 1;
        double[] joint = new double[(a.Max() + 1) * wide], first = new double[a.Max() + 1], second = new double[wide];
        for (int i = 0; i < a.Length; i++)
        {
            joint[a[i] * wide + b[i]]++;
            first[a[i]]++;
            second[b[i]]++;
        }

        double sum = 0;
        for (int i = 0; i < first.Length; i++)
            for (int j = 0; j < wide; j++)
                if (joint[i * wide + j] is > 0 and var count) sum += count / n * Math.Log(count * n / (first[i] * second[j]));
        return sum;
    }
}
