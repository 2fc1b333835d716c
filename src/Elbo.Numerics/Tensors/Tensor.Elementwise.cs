namespace Elbo.Numerics;

// Element-wise functions. Each has the shape of its operand, or the broadcast shape of its operands.
public sealed partial class Tensor
{
    /// <summary>Sum, element by element with broadcasting.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => Create(Binary.Add, left, right);

    /// <summary>Difference, element by element with broadcasting.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => Create(Binary.Subtract, left, right);

    /// <summary>Product, element by element with broadcasting.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => Create(Binary.Multiply, left, right);

    /// <summary>Quotient, element by element with broadcasting.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => Create(Binary.Divide, left, right);

    /// <summary>The negative of every element.</summary>
    public static Tensor operator -(Tensor value) => Create(Unary.Negate, value);

    /// <summary>The same as <c>this + other</c>.</summary>
    public Tensor Add(Tensor other) => this + other;

    /// <summary>The same as <c>this - other</c>.</summary>
    public Tensor Subtract(Tensor other) => this - other;

    /// <summary>The same as <c>this * other</c>.</summary>
    public Tensor Multiply(Tensor other) => this * other;

    /// <summary>The same as <c>this / other</c>.</summary>
    public Tensor Divide(Tensor other) => this / other;

    /// <summary>The same as <c>-this</c>.</summary>
    public Tensor Negate() => -this;

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    public Tensor Abs() => Create(Unary.Abs, this);

    /// <summary>−1, 0 or 1; its gradient is zero.</summary>
    public Tensor Sign() => Create(Unary.Sign, this);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => Create(Unary.Exp, this);

    /// <summary>ln x.</summary>
    public Tensor Log() => Create(Unary.Log, this);

    /// <summary>ln(1 + x), accurate near 0.</summary>
    public Tensor Log1p() => Create(Unary.Log1p, this);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public Tensor Expm1() => Create(Unary.Expm1, this);

    /// <summary>√x.</summary>
    public Tensor Sqrt() => Create(Unary.Sqrt, this);

    /// <summary>1/√x.</summary>
    public Tensor ReciprocalSqrt() => Create(Unary.ReciprocalSqrt, this);

    /// <summary>1/x.</summary>
    public Tensor Reciprocal() => Create(Unary.Reciprocal, this);

    /// <summary>x².</summary>
    public Tensor Square() => Create(Unary.Square, this);

    /// <summary>sin x, x in radians.</summary>
    public Tensor Sin() => Create(Unary.Sin, this);

    /// <summary>cos x, x in radians.</summary>
    public Tensor Cos() => Create(Unary.Cos, this);

    /// <summary>tanh x.</summary>
    public Tensor Tanh() => Create(Unary.Tanh, this);

    /// <summary>1/(1 + e⁻ˣ), without overflow.</summary>
    public Tensor Sigmoid() => Create(Unary.Sigmoid, this);

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public Tensor Softplus() => Create(Unary.Softplus, this);

    /// <summary>max(x, 0); the derivative at 0 is 0.</summary>
    public Tensor Relu() => Create(Unary.Relu, this);

    /// <summary>The error function, 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    public Tensor Erf() => Create(Unary.Erf, this);

    /// <summary>The complementary error function 1 − erf x, accurate in relative terms in its tail.</summary>
    public Tensor Erfc() => Create(Unary.Erfc, this);

    /// <summary>Φ⁻¹(p), the quantile of N(0, 1), for p in (0, 1).</summary>
    public Tensor NormalQuantile() => Create(Unary.NormalQuantile, this);

    /// <summary>ln Γ(x) for x &gt; 0.</summary>
    public Tensor LogGamma() => Create(Unary.LogGamma, this);

    /// <summary>ψ(x), the derivative of ln Γ, for x &gt; 0.</summary>
    public Tensor Digamma() => Create(Unary.Digamma, this);

    /// <summary>ψ′(x) for x &gt; 0.</summary>
    public Tensor Trigamma() => Create(Unary.Trigamma, this);

    /// <summary>
    /// ln z where z is the quantile of the Gamma distribution with shape a (this, above 0) and rate 1: P(a, z) = u. In logarithms nothing underflows
    /// however small a is. It differentiates once, with respect to both: implicit reparameterisation, Figurnov et al. 2018 (arXiv 1805.08498), eq. 6.
    /// </summary>
    /// <param name="probability">u in (0, 1).</param>
    public Tensor GammaLogQuantile(Tensor probability) => Create(Binary.GammaLogQuantile, this, probability);

    /// <summary>The largest whole number not above x; its gradient is zero.</summary>
    public Tensor Floor() => Create(Unary.Floor, this);

    /// <summary>The nearest whole number, halves to even; its gradient is zero.</summary>
    public Tensor Round() => Create(Unary.Round, this);

    /// <summary>The same value, through which no gradient flows.</summary>
    public Tensor StopGradient() => Create(Unary.StopGradient, this);

    /// <summary>x · Φ(x), the Gaussian error linear unit (Hendrycks and Gimpel 2016), with the exact normal distribution function Φ.</summary>
    public Tensor Gelu() => Create(Unary.Gelu, this);

    /// <summary>x · sigmoid(x), also called swish.</summary>
    public Tensor Silu() => Create(Unary.Silu, this);

    /// <summary>ln sigmoid(x) = −softplus(−x).</summary>
    public Tensor LogSigmoid() => Create(Unary.LogSigmoid, this);

    /// <summary>max(x, slope·x) for a slope in [0, 1).</summary>
    public Tensor LeakyRelu(double slope = 0.01) => Where(Greater(0.0), this, this * slope);

    /// <summary>x for x &gt; 0, else eˣ − 1.</summary>
    public Tensor Elu() => Where(Greater(0.0), this, Minimum(0.0).Expm1());

    /// <summary>The larger of two; at a tie each receives half of the gradient.</summary>
    public Tensor Maximum(Tensor other) => Create(Binary.Maximum, this, other);

    /// <summary>The smaller of two; at a tie each receives half of the gradient.</summary>
    public Tensor Minimum(Tensor other) => Create(Binary.Minimum, this, other);

    /// <summary>x clamped to [low, high]; no gradient flows outside.</summary>
    public Tensor Clamp(double low, double high) => Maximum(low).Minimum(high);

    /// <summary>xᵖ.</summary>
    public Tensor Power(Tensor exponent) => Create(Binary.Power, this, exponent);

    /// <summary>1 where x &gt; other, else 0.</summary>
    public Tensor Greater(Tensor other) => Create(Binary.Greater, this, other);

    /// <summary>1 where x ≥ other, else 0.</summary>
    public Tensor GreaterOrEqual(Tensor other) => Create(Binary.GreaterOrEqual, this, other);

    /// <summary>1 where x = other, else 0.</summary>
    public Tensor EqualTo(Tensor other) => Create(Binary.Equal, this, other);

    /// <summary><c>condition ≠ 0 ? whenTrue : whenFalse</c>, element by element; the branch not taken never spoils the result.</summary>
    public static Tensor Where(Tensor condition, Tensor whenTrue, Tensor whenFalse) => Create(new SelectOperation(), condition, whenTrue, whenFalse);
}
