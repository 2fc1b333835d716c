using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// q(μ, Λ) of K components: β, m, ν and V after what their rows said (Bishop, "Pattern recognition and machine learning", 2006, 10.60-10.63). Immutable.
/// </summary>
internal sealed class NormalWishartPosterior
{
    private readonly WishartFactor[] wisharts;

    public NormalWishartPosterior(CovarianceKind kind, double[] meanPrecisions, Matrix means, double[] degreesOfFreedom, double[] inverseScales)
    {
        Kind = kind;
        MeanPrecisions = meanPrecisions;
        Means = means;
        DegreesOfFreedom = degreesOfFreedom;
        InverseScales = inverseScales;
        wisharts = new WishartFactor[IsDense ? degreesOfFreedom.Length : 0];
        int d = means.Columns;
        for (int k = 0; k < wisharts.Length; k++) wisharts[k] = new WishartFactor(degreesOfFreedom[k], new Matrix(d, d, inverseScales.AsSpan(k * d * d, d * d).ToArray()));
    }

    public CovarianceKind Kind { get; }

    public int Components => Means.Rows;

    public int Columns => Means.Columns;

    /// <summary>β, <c>[K]</c>.</summary>
    public double[] MeanPrecisions { get; }

    /// <summary>m, <c>[K, D]</c>.</summary>
    public Matrix Means { get; }

    /// <summary>ν, <c>[K]</c>; <c>[1]</c> for tied.</summary>
    public double[] DegreesOfFreedom { get; }

    /// <summary>V in the shape of the covariances of its kind.</summary>
    public double[] InverseScales { get; }

    private bool IsDense => Kind is CovarianceKind.Full or CovarianceKind.Tied;

    /// <summary>The update: prior and rows, added.</summary>
    public static NormalWishartPosterior Of(NormalWishartPrior prior, ComponentMoments moments)
    {
        int k = moments.Counts.Length, d = prior.Columns;
        double[] precisions = new double[k], difference = new double[d];
        Matrix means = new(k, d);
        bool tied = prior.Kind == CovarianceKind.Tied, dense = tied || prior.Kind == CovarianceKind.Full;
        double[] degrees = new double[tied ? 1 : k];
        degrees.AsSpan().Fill(prior.DegreesOfFreedom);
        int size = dense ? d * d : prior.Kind == CovarianceKind.Diagonal ? d : 1;
        double[] scales = new double[degrees.Length * size];
        for (int s = 0; s < degrees.Length; s++) prior.InverseScale.Values.CopyTo(scales.AsSpan(s * size));
        for (int c = 0; c < k; c++)
        {
            double count = moments.Counts[c];
            precisions[c] = prior.MeanPrecision + count;
            double share = count / precisions[c], spread = prior.MeanPrecision * share;
            for (int j = 0; j < d; j++)
            {
                difference[j] = moments.Means[c * d + j] - prior.Mean[j];
                means[c, j] = prior.Mean[j] + share * difference[j];
            }

            Span<double> scale = scales.AsSpan(tied ? 0 : c * size, size);
            ReadOnlySpan<double> scatter = moments.Scatters.AsSpan(tied ? 0 : c * (dense ? size : d), dense ? size : d);
            degrees[tied ? 0 : c] += prior.Kind == CovarianceKind.Spherical ? d * count : count;
            if (dense)
            {
                for (int i = 0; i < d; i++)
                    for (int j = 0; j < d; j++) scale[i * d + j] += (c == 0 || !tied ? scatter[i * d + j] : 0) + spread * difference[i] * difference[j];
            }
            else
            {
                for (int j = 0; j < d; j++) scale[size == 1 ? 0 : j] += scatter[j] + spread * difference[j] * difference[j];
            }
        }

        return new NormalWishartPosterior(prior.Kind, precisions, means, degrees, scales);
    }

    /// <summary>Normal densities with the means m and the precisions E[Λ] = νV⁻¹: what the E-step needs, but for <see cref="LogCorrections"/>.</summary>
    public GaussianComponents Expected()
    {
        int size = InverseScales.Length / DegreesOfFreedom.Length;
        double[] covariances = new double[InverseScales.Length];
        for (int i = 0; i < covariances.Length; i++) covariances[i] = InverseScales[i] / DegreesOfFreedom[i / size];
        return GaussianParameters.Components(Means, covariances, Kind, 0);
    }

    /// <summary>E[ln N(x; μ, Λ⁻¹)] − ln N(x; m, E[Λ]⁻¹) = ½(E ln |Λ| − ln |E Λ|) − D/(2β) (Bishop 10.64, 10.65), which no x enters, <c>[K]</c>.</summary>
    public double[] LogCorrections()
    {
        double[] result = new double[Components];
        int d = Columns;
        for (int k = 0; k < result.Length; k++)
        {
            double nu = DegreesOfFreedom[Math.Min(k, DegreesOfFreedom.Length - 1)];
            double logs = IsDense ? GammaFunctions.Digamma(0.5 * nu, d) - d * Math.Log(0.5 * nu) : d * (GammaFunctions.Digamma(0.5 * nu) - Math.Log(0.5 * nu));
            result[k] = 0.5 * (logs - d / MeanPrecisions[k]);
        }

        return result;
    }

    /// <summary>KL(q(μ, Λ) ‖ p(μ, Λ)) of all components in nats.</summary>
    public double Kl(NormalWishartPrior prior)
    {
        double total = 0;
        int d = Columns;
        double[] difference = new double[d];
        for (int k = 0; k < Components; k++)
        {
            double ratio = prior.MeanPrecision / MeanPrecisions[k];
            for (int j = 0; j < d; j++) difference[j] = Means[k, j] - prior.Mean[j];
            total += 0.5 * (d * (ratio - 1 - Math.Log(ratio)) + prior.MeanPrecision * Distance(k, difference));
        }

        if (IsDense)
        {
            foreach (WishartFactor wishart in wisharts) total += wishart.Kl(prior.Wishart!);
            return total;
        }

        int size = InverseScales.Length / Components;
        for (int k = 0; k < Components; k++)
            for (int j = 0; j < size; j++) total += new GammaFactor(0.5 * DegreesOfFreedom[k], 0.5 * InverseScales[k * size + j]).Kl(prior.Gamma(j));
        return total;
    }

    /// <summary>Some of the components.</summary>
    public NormalWishartPosterior Select(int[] kept)
    {
        int d = Columns, size = InverseScales.Length / DegreesOfFreedom.Length;
        Matrix means = new(kept.Length, d);
        for (int i = 0; i < kept.Length; i++) Means.Row(kept[i]).CopyTo(means.Row(i));
        double[] precisions = Array.ConvertAll(kept, k => MeanPrecisions[k]);
        if (Kind == CovarianceKind.Tied) return new(Kind, precisions, means, DegreesOfFreedom, InverseScales);
        double[] scales = new double[kept.Length * size];
        for (int i = 0; i < kept.Length; i++) InverseScales.AsSpan(kept[i] * size, size).CopyTo(scales.AsSpan(i * size));
        return new(Kind, precisions, means, Array.ConvertAll(kept, k => DegreesOfFreedom[k]), scales);
    }

    /// <summary>δᵀ E[Λₖ] δ; δ is overwritten.</summary>
    private double Distance(int k, double[] difference)
    {
        if (IsDense) return wisharts[Math.Min(k, wisharts.Length - 1)].MeanQuadraticForm(difference);
        double sum = 0;
        int size = InverseScales.Length / Components;
        for (int j = 0; j < Columns; j++) sum += difference[j] * difference[j] * DegreesOfFreedom[k] / InverseScales[k * size + (size == 1 ? 0 : j)];
        return sum;
    }
}
