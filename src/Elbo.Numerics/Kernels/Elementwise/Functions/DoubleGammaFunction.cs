using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// log |Γ|, ψ and ψ′ in double precision: a rational fit on [1, 3], one step of the recurrence below, Stirling's series with
/// fitted remainder above, and the reflection formulas for negative arguments (Abramowitz and Stegun, chapter 6).
/// </summary>
internal static class DoubleGammaFunction<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    private const double Root = 1.4616321449683622458;
    private const double RootLow = 9.5499954299656977152e-17;

    /// <summary>log |Γ(x)|; ∞ at 0, at the negative integers and at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogGamma(TVector x)
    {
        TVector reflects = TLanes.LessThan(x, TLanes.Create(-0.5));
        TVector right = LogGammaRight(TLanes.Select(reflects, TLanes.Subtract(TLanes.Create(1d), x), x));
        if (!TLanes.Any(reflects))
            return right;
        SinCosPi(x, out TVector sine, out _);
        // |Γ(x)| = π / (|sin πx|·Γ(1 − x)).
        TVector log = DoubleLogarithm<TLanes, TVector>.Log(TLanes.Divide(TLanes.Create(Math.PI), TLanes.Abs(sine)));
        TVector reflected = TLanes.Subtract(log, right);
        reflected = TLanes.Select(TLanes.Equal(sine, TLanes.Create(0d)), TLanes.Create(double.PositiveInfinity), reflected);
        reflected = TLanes.Select(TLanes.Equal(x, TLanes.Create(double.NegativeInfinity)), TLanes.Create(double.PositiveInfinity), reflected);
        return TLanes.Select(reflects, reflected, right);
    }

    /// <summary>ψ(x) = d/dx log Γ(x); ∓∞ at ±0, NaN at the negative integers and −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Digamma(TVector x)
    {
        TVector reflects = TLanes.LessThan(x, TLanes.Create(0d));
        TVector right = DigammaRight(TLanes.Select(reflects, TLanes.Subtract(TLanes.Create(1d), x), x));
        if (!TLanes.Any(reflects))
            return right;
        SinCosPi(x, out TVector sine, out TVector cosine);
        // ψ(x) = ψ(1 − x) − π·cot πx.
        TVector cotangent = TLanes.Divide(TLanes.Multiply(cosine, TLanes.Create(Math.PI)), sine);
        TVector reflected = TLanes.Subtract(right, cotangent);
        reflected = TLanes.Select(TLanes.Equal(sine, TLanes.Create(0d)), TLanes.Create(double.NaN), reflected);
        return TLanes.Select(reflects, reflected, right);
    }

    /// <summary>ψ′(x); ∞ at 0 and at the negative integers, NaN at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Trigamma(TVector x)
    {
        TVector reflects = TLanes.LessThan(x, TLanes.Create(0d));
        TVector right = TrigammaRight(TLanes.Select(reflects, TLanes.Subtract(TLanes.Create(1d), x), x));
        if (!TLanes.Any(reflects))
            return right;
        SinCosPi(x, out TVector sine, out _);
        // ψ′(x) = π²/sin² πx − ψ′(1 − x).
        TVector ratio = TLanes.Divide(TLanes.Create(Math.PI), sine);
        TVector reflected = TLanes.Subtract(TLanes.Multiply(ratio, ratio), right);
        return TLanes.Select(reflects, reflected, right);
    }

    /// <summary>Sine and cosine of πx, from the exact distance of x to the nearest integer; signs are those of that distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SinCosPi(TVector x, out TVector sine, out TVector cosine)
    {
        TVector distance = TLanes.Subtract(x, TLanes.Round(x));
        TVector halves = TLanes.Add(distance, distance);
        TVector quarter = TLanes.Round(halves);
        TVector rest = TLanes.Multiply(TLanes.Subtract(halves, quarter), TLanes.Create(1.57079632679489661923));
        DoubleTrigonometric<TLanes, TVector>.SinCos(quarter, rest, out sine, out cosine);
    }

    /// <summary>For x ≥ −0.5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LogGammaRight(TVector x)
    {
        TVector one = TLanes.Create(1d);
        TVector isSmall = TLanes.LessThan(x, TLanes.Create(0.5));
        TVector t = TLanes.Select(isSmall, x, TLanes.Subtract(x, one));
        TVector log = DoubleLogarithm<TLanes, TVector>.Log(TLanes.Abs(x));
        TVector s = TLanes.Add(t, TLanes.Create(0.5));
        // Near-minimax [9/9] of log Γ(1 + t)/(t(t − 1)) in s = t + ½ ≥ 0, where no coefficient is negative, relative: 2.06e-18.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            s, 0.76315325723293344788, 4.9654901777500463052, 12.852551746345807336, 16.954196764062075604, 12.159344656674635426,
            4.699889724050645062, 0.91648057500822469237, 0.077893902007153393525, 0.0020654792545342437127, 3.6320321503783851003e-6);
        TVector q = Polynomial<TLanes, TVector, double>.Evaluate(
            s, 1.0, 7.2703983643798232729, 21.454293881281646917, 33.138937222991189437, 28.878866911241741072, 14.313959917316405611,
            3.8908600445918688817, 0.53228381153911136738, 0.030901995683336221938, 0.00051122459668043607189);
        TVector near = TLanes.Multiply(TLanes.Multiply(t, TLanes.Subtract(t, one)), TLanes.Divide(p, q));
        near = TLanes.Subtract(near, TLanes.And(isSmall, log));

        TVector inverse = TLanes.Divide(one, x);
        TVector z = TLanes.Multiply(inverse, inverse);
        // Near-minimax [4/4] of x·(log Γ(x) − Stirling) in 1/x² for x ≥ 3: 2.76e-17.
        TVector u = Polynomial<TLanes, TVector, double>.Evaluate(
            z, 0.08333333333333330571, 0.71206731968128720352, 1.4969871320961957181, 0.77687685454459781155, 0.050996166056819612682);
        TVector v = Polynomial<TLanes, TVector, double>.Evaluate(
            z, 1.0, 8.5781411695081665389, 18.24025981479935985, 9.8559771678523335762, 0.81794255428633925817);
        TVector far = TLanes.MultiplyAdd(TLanes.Divide(u, v), inverse, TLanes.Create(0.41893853320467274178));
        far = TLanes.MultiplyAdd(TLanes.Subtract(x, TLanes.Create(0.5)), TLanes.Subtract(log, one), far);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(3d)), near, far);
    }

    /// <summary>For x ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector DigammaRight(TVector x)
    {
        TVector one = TLanes.Create(1d);
        TVector isSmall = TLanes.LessThan(x, one);
        TVector t = TLanes.Select(isSmall, x, TLanes.Subtract(x, one));
        TVector inverse = TLanes.Divide(one, x);
        // The root in two parts, so that its neighbourhood is accurate in relative terms.
        TVector fromRoot = TLanes.Subtract(TLanes.Subtract(t, TLanes.Create(Root - 1)), TLanes.Create(RootLow));
        // Near-minimax [7/7] of ψ(1 + t)/(1 + t − root) on [0, 2], relative: 1.56e-20.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.250380137503405359, 2.014701166269093489, 1.1839595432286675224, 0.32142693686011536329, 0.041537251193076071758,
            0.0023247429447320040462, 0.000041455049202130955537, 4.4656622095714688044e-8);
        TVector q = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.0, 2.2948177444661832936, 1.9137034323841411413, 0.7556259849852936984, 0.15094757233347748569, 0.014826060750099516618,
            0.00062663574733868803586, 7.8499596064206027103e-6);
        TVector near = TLanes.Multiply(fromRoot, TLanes.Divide(p, q));
        near = TLanes.Subtract(near, TLanes.And(isSmall, inverse));

        TVector z = TLanes.Multiply(inverse, inverse);
        // Near-minimax [4/4] of x²(log x − 1/(2x) − ψ(x)) in 1/x² for x ≥ 3: 3.04e-16.
        TVector u = Polynomial<TLanes, TVector, double>.Evaluate(
            z, 0.08333333333333302825, 0.82835516048071265246, 2.0830535307889619788, 1.3394891600019203374, 0.10941673879847501355);
        TVector v = Polynomial<TLanes, TVector, double>.Evaluate(
            z, 1.0, 10.040261925761566178, 25.953049516597821649, 18.241066897833422308, 2.3123686089671331309);
        TVector far = TLanes.MultiplyAdd(inverse, TLanes.Create(0.5), TLanes.Multiply(z, TLanes.Divide(u, v)));
        far = TLanes.Subtract(DoubleLogarithm<TLanes, TVector>.Log(x), far);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(3d)), near, far);
    }

    /// <summary>For x ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector TrigammaRight(TVector x)
    {
        TVector one = TLanes.Create(1d);
        TVector isSmall = TLanes.LessThan(x, one);
        TVector t = TLanes.Select(isSmall, x, TLanes.Subtract(x, one));
        TVector inverse = TLanes.Divide(one, x);
        TVector z = TLanes.Multiply(inverse, inverse);
        // Near-minimax [8/8] of ψ′(1 + t) on [0, 2], relative: 4.44e-23.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.6449340668482264365, 4.8980890913455214927, 6.3316846899394802104, 4.579507216946526844, 1.9986735517331644893,
            0.52684903120432504147, 0.077853198830985391112, 0.0049931204599952427938, 1.1147775756998041869e-12);
        TVector q = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.0, 4.4392070447273825814, 8.3632980867760806823, 8.7660461009492080045, 5.6194976923050732159, 2.2683777261095311405,
            0.56619173103131155661, 0.080349758441971703157, 0.0049931204974518027167);
        TVector near = TLanes.Add(TLanes.Divide(p, q), TLanes.And(isSmall, z));

        // Near-minimax [5/5] of x³(ψ′(x) − 1/x − 1/(2x²)) in 1/x² for x ≥ 3: 1.88e-17.
        TVector u = Polynomial<TLanes, TVector, double>.Evaluate(
            z, 0.16666666666666664783, 3.1160265845654412262, 17.351644312565644461, 33.298294924549737667, 18.743730054738028285,
            1.4039386783410507825);
        TVector v = Polynomial<TLanes, TVector, double>.Evaluate(
            z, 1.0, 18.896159507392293848, 107.74624063419550873, 218.83956627992699979, 144.16266372086691332, 20.471892011831695776);
        TVector far = TLanes.MultiplyAdd(TLanes.Multiply(z, inverse), TLanes.Divide(u, v), TLanes.MultiplyAdd(z, TLanes.Create(0.5), inverse));
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(3d)), near, far);
    }
}
