using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// Expectations with gradients known in closed form, on which estimators are compared: the costs of Mohamed et al. 2020 (arXiv 1906.10652), section 3,
/// the toy of Tucker et al. 2017 and Grathwohl et al. 2018, and one for each other family.
/// </summary>
public static class StandardProblems
{
    /// <summary>All, at the values used in those papers where there are some.</summary>
    public static IReadOnlyList<EstimatorProblem> All { get; } = [Quadratic(), Exponential(), Cosine(), Toy(), Toy(0.3, 0.2), Pair(), Four(), Classes(), GammaSquare(), BetaSquare()];

    /// <summary>E (x − k)² under N(μ, s²): gradients 2(μ − k) and 2s.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="scale">s.</param>
    /// <param name="k">k.</param>
    public static EstimatorProblem Quadratic(double mean = 1, double scale = 1, double k = -3) => new(
        FormattableString.Invariant($"(x {(k < 0 ? '+' : '−')} {Math.Abs(k)})², N({mean}, {scale}²)"), [mean, scale],
        parameters => new Expectation(new Normal(Column(parameters, 0), Column(parameters, 1)), z => (z - k).Square().Sum(-1)),
        [2 * (mean - k), 2 * scale])
    { Value = (mean - k) * (mean - k) + scale * scale };

    /// <summary>E exp(−kx²) under N(μ, s²) is D^−½·exp(−kμ²/D), D = 1 + 2ks².</summary>
    /// <param name="mean">μ.</param>
    /// <param name="scale">s.</param>
    /// <param name="k">k, at least 0.</param>
    public static EstimatorProblem Exponential(double mean = 1, double scale = 1, double k = 1)
    {
        double d = 1 + 2 * k * scale * scale, value = Math.Exp(-k * mean * mean / d) / Math.Sqrt(d);
        return new(
            FormattableString.Invariant($"exp(−{k}·x²), N({mean}, {scale}²)"), [mean, scale],
            parameters => new Expectation(new Normal(Column(parameters, 0), Column(parameters, 1)), z => (z.Square() * -k).Exp().Sum(-1)),
            [-2 * k * mean / d * value, value * 2 * k * scale / d * (2 * k * mean * mean / d - 1)])
        { Value = value };
    }

    /// <summary>E cos kx under N(μ, s²) is e^(−k²s²/2)·cos kμ: the larger k, the rougher.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="scale">s.</param>
    /// <param name="k">k.</param>
    public static EstimatorProblem Cosine(double mean = 1, double scale = 1, double k = 3)
    {
        double damping = Math.Exp(-0.5 * k * k * scale * scale), value = damping * Math.Cos(k * mean);
        return new(
            FormattableString.Invariant($"cos {k}x, N({mean}, {scale}²)"), [mean, scale],
            parameters => new Expectation(new Normal(Column(parameters, 0), Column(parameters, 1)), z => (z * k).Cos().Sum(-1)),
            [-k * damping * Math.Sin(k * mean), -k * k * scale * value])
        { Value = value };
    }

    /// <summary>E (b − t)² for a Bernoulli p, in its logit: p(1 − p)(1 − 2t).</summary>
    /// <param name="p">p, in (0, 1).</param>
    /// <param name="t">t.</param>
    public static EstimatorProblem Toy(double p = 0.5, double t = 0.499) => new(
        FormattableString.Invariant($"(b − {t})², Bernoulli({p})"), [Math.Log(p / (1 - p))],
        parameters => new Expectation(new Bernoulli(parameters), z => (z - t).Square().Sum(-1)) { Condition = Tensor.Full([parameters.Shape[0], 1], 1) },
        [p * (1 - p) * (1 - 2 * t)])
    { Value = p * (1 - t) * (1 - t) + (1 - p) * t * t };

    /// <summary>E exp(Σ wᵢbᵢ) for two Bernoullis: a function that does not split and is not quadratic; the truth is by enumeration.</summary>
    public static EstimatorProblem Pair()
    {
        double[] logits = [0.6, -1.1], weights = [0.8, -0.5], p = [.. logits.Select(l => 1 / (1 + Math.Exp(-l)))];
        double F(int a, int b) => Math.Exp(a * weights[0] + b * weights[1]);
        double value = 0;
        double[] gradient = new double[2];
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
            {
                double mass = (a == 1 ? p[0] : 1 - p[0]) * (b == 1 ? p[1] : 1 - p[1]);
                value += mass * F(a, b);
                gradient[0] += mass * F(a, b) * (a - p[0]);
                gradient[1] += mass * F(a, b) * (b - p[1]);
            }

        return new("exp(w·b), two Bernoullis", logits,
            parameters => new Expectation(new Bernoulli(parameters), z => (z * Tensor.Constant([2], weights)).Sum(-1).Exp()) { Condition = Tensor.Full([parameters.Shape[0], 1], 1) }, gradient)
        { Value = value };
    }

    /// <summary>E Σᵢ (bᵢ − t)² for four Bernoullis p, which splits into a term for each: p(1 − p)(1 − 2t) in every logit.</summary>
    /// <param name="p">p, in (0, 1).</param>
    /// <param name="t">t.</param>
    public static EstimatorProblem Four(double p = 0.3, double t = 0.2)
    {
        double slope = p * (1 - p) * (1 - 2 * t);
        return new(FormattableString.Invariant($"Σ (b − {t})², four Bernoulli({p})"), [.. Enumerable.Repeat(Math.Log(p / (1 - p)), 4)],
            parameters => new Expectation(new Bernoulli(parameters), z => (z - t).Square().Sum(-1))
            {
                Condition = Tensor.Full([parameters.Shape[0], 1], 1),
                Split = new SplitFunction(z => (z - t).Square()),
            },
            [slope, slope, slope, slope])
        { Value = 4 * (p * (1 - t) * (1 - t) + (1 - p) * t * t) };
    }

    /// <summary>E (s³ + s), where s is the score of a draw from three classes: gradients pₖ(fₖ − E f) in the logits.</summary>
    public static EstimatorProblem Classes()
    {
        double[] logits = [0.4, -0.7, 1.0], table = [1.5, -1.0, 0.5], exp = [.. logits.Select(Math.Exp)];
        double[] p = [.. exp.Select(e => e / exp.Sum())];
        // f is a cubic of the linear score, so that relaxed draws see something else than the table.
        double[] f = [.. table.Select(x => x * x * x + x)];
        double value = p.Zip(f, (a, b) => a * b).Sum();
        return new("s³ + s, three classes", logits,
            parameters => new Expectation(new Categorical(parameters), z =>
            {
                Tensor score = (z * Tensor.Constant([3], table)).Sum(-1);
                return score * score.Square() + score;
            })
            { Condition = Tensor.Full([parameters.Shape[0], 1], 1) },
            [.. p.Zip(f, (a, b) => a * (b - value))])
        { Value = value };
    }

    /// <summary>E x² under Gamma(α, β) is α(α + 1)/β².</summary>
    /// <param name="a">α, above 0.</param>
    /// <param name="b">β, above 0.</param>
    public static EstimatorProblem GammaSquare(double a = 2.5, double b = 1.5) => new(
        FormattableString.Invariant($"x², Gamma({a}, {b})"), [a, b],
        parameters => new Expectation(new Gamma(Column(parameters, 0), Column(parameters, 1)), z => z.Square().Sum(-1)),
        [(2 * a + 1) / (b * b), -2 * a * (a + 1) / (b * b * b)])
    { Value = a * (a + 1) / (b * b) };

    /// <summary>E x² under Beta(α, β) is α(α + 1)/((α + β)(α + β + 1)).</summary>
    /// <param name="a">α, above 0.</param>
    /// <param name="b">β, above 0.</param>
    public static EstimatorProblem BetaSquare(double a = 1.7, double b = 2.6)
    {
        double n = a + b, value = a * (a + 1) / (n * (n + 1));
        double common = 1 / n + 1 / (n + 1);
        return new(FormattableString.Invariant($"x², Beta({a}, {b})"), [a, b],
            parameters => new Expectation(new Beta(Column(parameters, 0), Column(parameters, 1)), z => z.Square().Sum(-1)),
            [value * (1 / a + 1 / (a + 1) - common), -value * common])
        { Value = value };
    }

    private static Tensor Column(Tensor parameters, int index) => parameters.Slice(1, index, 1);
}
