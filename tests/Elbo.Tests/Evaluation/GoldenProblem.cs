using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Tests.Evaluation;

/// <summary>The problems of tests/golden/evaluation.py, made again from the same numbers.</summary>
internal sealed class GoldenProblem(ulong seed)
{
    private ulong state = seed;

    public static JsonElement Golden { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "evaluation.json"))).RootElement;

    public static Matrix Features(ulong seed, int rows, int columns, int rank, double shift)
    {
        GoldenProblem numbers = new(seed);
        Matrix loadings = new(rank, columns), codes = new(rows, rank);
        for (int i = 0; i < loadings.Values.Length; i++) loadings.Values[i] = numbers.Next() - 0.5;
        for (int i = 0; i < codes.Values.Length; i++) codes.Values[i] = numbers.Next() + numbers.Next() - 1;
        Matrix features = codes * loadings;
        for (int i = 0; i < features.Values.Length; i++) features.Values[i] += shift;
        return features;
    }

    public static (int[] Labels, int[] Clusters) Clusters(JsonElement problem)
    {
        GoldenProblem numbers = new(problem.GetProperty("seed").GetUInt64());
        int count = problem.GetProperty("clusters").GetInt32(), labels = problem.GetProperty("labels").GetInt32();
        double noise = problem.GetProperty("noise").GetDouble();
        int[] truth = new int[problem.GetProperty("rows").GetInt32()];
        for (int i = 0; i < truth.Length; i++) truth[i] = (int)(numbers.Next() * labels);
        int[] found = Array.ConvertAll(truth, label =>
        {
            // Python asks the condition first.
            bool random = numbers.Next() < noise;
            return random ? (int)(numbers.Next() * count) : (label * 7 + 3) % count;
        });
        return (truth, found);
    }

    /// <summary>Three factors of 5, 3 and 4 values; codes are the factors, mixed, and one dimension of noise.</summary>
    public static (Matrix Codes, Factors Factors) Disentanglement(ulong seed, int rows, double mixing)
    {
        GoldenProblem numbers = new(seed);
        int[] sizes = [5, 3, 4], values = new int[rows * 3];
        for (int i = 0; i < values.Length; i++) values[i] = (int)(numbers.Next() * sizes[i % 3]);
        Matrix noise = new(rows, 4), codes = new(rows, 4);
        for (int i = 0; i < noise.Values.Length; i++) noise.Values[i] = numbers.Next();
        for (int n = 0; n < rows; n++)
        {
            for (int d = 0; d < 3; d++) codes[n, d] = values[n * 3 + d] + mixing * values[n * 3 + (d + 1) % 3] + 0.3 * mixing * noise[n, d];
            codes[n, 3] = noise[n, 3];
        }

        return (codes, new Factors(["a", "b", "c"], sizes, values));
    }

    private double Next()
    {
        state = state * 6364136223846793005 + 1442695040888963407;
        return (state >> 11) / (double)(1L << 53);
    }
}
