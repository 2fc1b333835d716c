using System.Text.Json;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Tests.Evaluation;

public class InformationScoresTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Gap_and_modularity_are_those_of_the_protocol_in_numpy_and_scikit_learn(int problem)
    {
        JsonElement golden = GoldenProblem.Golden.GetProperty("factors")[problem];
        (Matrix codes, Factors factors) = GoldenProblem.Disentanglement(golden.GetProperty("seed").GetUInt64(), golden.GetProperty("rows").GetInt32(), golden.GetProperty("mixing").GetDouble());
        InformationScores scores = InformationScores.Of(codes, factors);
        Assert.Equal(golden.GetProperty("mig").GetDouble(), scores.MutualInformationGap, 1e-12);
        Assert.Equal(golden.GetProperty("modularity").GetDouble(), scores.Modularity, 1e-12);
    }

    [Fact]
    public void Hand_made_codes_have_the_right_values()
    {
        // All 4 × 4 combinations once: factors are independent to the last digit.
        Factors factors = new(["across", "up"], [4, 4], [.. Enumerable.Range(0, 16).SelectMany(static i => (int[])[i / 4, i % 4])]);
        InformationScores aligned = InformationScores.Of(Codes(factors, static (a, b) => (a, -b)), factors);
        Assert.Equal(1, aligned.MutualInformationGap, 1e-12);
        Assert.Equal(1, aligned.Modularity, 1e-12);
        Assert.Equal(Math.Log(4), aligned.MutualInformation[0, 0], 1e-12);
        Assert.Equal(0, aligned.MutualInformation[0, 1], 1e-12);

        // Both dimensions tell both factors: neither gap nor modularity.
        InformationScores doubled = InformationScores.Of(Codes(factors, static (a, b) => (4 * a + b, a + 4 * b)), factors);
        Assert.Equal(0, doubled.MutualInformationGap, 1e-12);
        Assert.Equal(0, doubled.Modularity, 1e-12);

        // Turned by 45°: what one dimension tells, the other tells as well.
        InformationScores turned = InformationScores.Of(Codes(factors, static (a, b) => (a + b, a - b)), factors);
        Assert.Equal(0, turned.MutualInformationGap, 1e-12);

        // A constant dimension tells nothing.
        InformationScores half = InformationScores.Of(Codes(factors, static (a, _) => (a, 3)), factors);
        Assert.Equal(0.5, half.MutualInformationGap, 1e-12);
        Assert.Equal(0.5, half.Modularity, 1e-12);
    }

    [Fact]
    public void What_cannot_be_scored_is_refused_in_a_sentence()
    {
        Factors factors = new(["kind", "size"], [2, 3], [0, 0, 0, 1, 0, 2]);
        Assert.Contains("'kind' has one value", Message(new Matrix(3, 2), factors), StringComparison.Ordinal);
        Assert.Contains("2 codes", Message(new Matrix(2, 2), factors), StringComparison.Ordinal);
        Factors varied = new(["kind", "size"], [2, 3], [0, 0, 1, 1, 0, 2]);
        Assert.Contains("at least two", Message(new Matrix(3, 1), varied), StringComparison.Ordinal);
        Assert.Contains("only 'kind'", Message(new Matrix(3, 2), new Factors(["kind"], [3], [0, 1, 2])), StringComparison.Ordinal);
        Matrix damaged = new(3, 2);
        damaged[1, 0] = double.NaN;
        Assert.Contains("Dimension 0 of code 1 is NaN", Message(damaged, varied), StringComparison.Ordinal);
    }

    private static Matrix Codes(Factors factors, Func<int, int, (double, double)> code)
    {
        Matrix codes = new(factors.Rows, 2);
        for (int n = 0; n < factors.Rows; n++) (codes[n, 0], codes[n, 1]) = code(factors.Row(n)[0], factors.Row(n)[1]);
        return codes;
    }

    private static string Message(Matrix codes, Factors factors) => Assert.Throws<ElboException>(() => InformationScores.Of(codes, factors)).Message;
}
