using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>
/// A linear Gaussian model of rows: <c>x = μ + Wz + ε</c> with factors <c>z ~ N(0, I)</c> and noise <c>ε ~ N(0, diag ψ)</c>, so that
/// <c>x ~ N(μ, WWᵀ + diag ψ)</c>. Missing values are integrated out exactly. Immutable.
/// </summary>
public abstract class FactorModel : RowModel
{
    private const int BlockValues = 1 << 14;

    private readonly FactorGaussian gaussian;

    private protected FactorModel(FactorGaussian gaussian)
    {
        this.gaussian = gaussian;
        CodeNames = [.. Enumerable.Range(0, gaussian.Factors).Select(static index => $"factor{index}")];
    }

    /// <summary>μ, <c>[D]</c>.</summary>
    public ReadOnlySpan<double> Mean => gaussian.Mean;

    /// <summary>W, <c>[D, Q]</c>: a copy.</summary>
    public Matrix Loadings => gaussian.Loadings.Clone();

    /// <summary>ψ, the noise variance of each column, <c>[D]</c>, positive.</summary>
    public ReadOnlySpan<double> NoiseVariances => gaussian.Noise;

    /// <summary>Q, the number of factors, from 0 to D.</summary>
    public int Factors => gaussian.Factors;

    /// <summary>1 − ψ / (WWᵀ + ψ) of each column: the share of its variance that the factors explain, <c>[D]</c>.</summary>
    public IReadOnlyList<double> Communalities
    {
        get
        {
            double[] result = new double[Columns];
            for (int i = 0; i < Columns; i++)
            {
                double common = VectorMath.Dot(gaussian.Loadings.Row(i), gaussian.Loadings.Row(i));
                result[i] = common / (common + gaussian.Noise[i]);
            }

            return result;
        }
    }

    /// <inheritdoc/>
    public override int Columns => gaussian.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames { get; }

    /// <summary>
    /// The means, the loadings up to a rotation, and the noise variances; no more than a full Gaussian has:
    /// <c>D + min(DQ − Q(Q − 1)/2 + noise, D(D + 1)/2)</c>.
    /// </summary>
    public override long FreeParameters
    {
        get
        {
            long columns = Columns, factors = Factors;
            return columns + Math.Min(columns * factors - factors * (factors - 1) / 2 + NoiseParameters, columns * (columns + 1) / 2);
        }
    }

    /// <summary>The number of distinct noise variances.</summary>
    private protected abstract long NoiseParameters { get; }

    internal FactorGaussian Gaussian => gaussian;

    /// <summary>WWᵀ + diag ψ, <c>[D, D]</c>.</summary>
    public Matrix Covariance() => gaussian.Covariance();

    /// <summary>(WWᵀ + diag ψ)⁻¹, <c>[D, D]</c>, by way of the inverse of a <c>[Q, Q]</c> matrix.</summary>
    public Matrix Precision() => gaussian.Precision();

    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime)
    {
        CheckColumns(rows);
        if (result.Length != rows.Rows) throw new ArgumentException($"There is room for {result.Length} values, and {rows.Rows} rows.", nameof(result));
        double[] densities = new double[rows.Rows];
        Each(rows, runtime, (row, _, posterior, _, quadratic) => densities[row] = -0.5 * (posterior.Constant + quadratic));
        densities.CopyTo(result);
    }

    /// <summary>E[z|x observed] of each row, <c>[N, Q]</c>.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Encode(Observations rows, Runtime runtime)
    {
        CheckColumns(rows);
        Matrix result = new(checked((int)rows.Rows), Factors);
        Each(rows, runtime, (row, _, _, mean, _) => mean.CopyTo(result.Row((int)row)));
        return result;
    }

    /// <summary>μ + W·E[z|x observed] of each row, <c>[N, D]</c>.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        CheckColumns(rows);
        Matrix result = new(checked((int)rows.Rows), Columns);
        Each(rows, runtime, (row, _, _, mean, _) => Decode(mean, result.Row((int)row)));
        return result;
    }

    /// <inheritdoc/>
    public override Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime)
    {
        CheckColumns(rows);
        Matrix result = new(checked((int)rows.Rows), Columns);
        Each(rows, runtime, (row, values, posterior, mean, _) => posterior.Complete(values, mean, draw?.Split((ulong)row), result.Row((int)row)));
        return result;
    }

    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Matrix result = new(count, Columns);
        double[] code = new double[Factors];
        RandomStream codes = random.Split(0), noise = random.Split(1);
        for (int row = 0; row < count; row++)
        {
            for (int k = 0; k < code.Length; k++) code[k] = codes.Normal((ulong)((long)row * Factors + k));
            Span<double> target = result.Row(row);
            Decode(code, target);
            for (int i = 0; i < target.Length; i++) target[i] += Math.Sqrt(gaussian.Noise[i]) * noise.Normal((ulong)((long)row * Columns + i));
        }

        return result;
    }

    /// <inheritdoc/>
    public override JsonElement Definition => FactorDefinition.Write(Columns, Factors, WriteDefinition);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new(FactorDefinition.Mean, NumericArray.From<double>(gaussian.Mean)),
        new(FactorDefinition.Loadings, NumericArray.From<double>(gaussian.Loadings.Values, Columns, Factors)),
        NoiseParameter,
    ];

    /// <summary>The noise as the family stores it.</summary>
    private protected abstract KeyValuePair<string, NumericArray> NoiseParameter { get; }

    /// <summary>Adds the family's own choices to the definition.</summary>
    private protected virtual void WriteDefinition(Utf8JsonWriter writer)
    {
    }

    private void Decode(ReadOnlySpan<double> code, Span<double> row)
    {
        for (int i = 0; i < row.Length; i++) row[i] = gaussian.Mean[i] + VectorMath.Dot(gaussian.Loadings.Row(i), code);
    }

    /// <summary>Infers each row in blocks that depend on the number of columns alone. A block sets its posterior anew only where the observed columns change.</summary>
    private void Each(Observations rows, Runtime runtime, RowVisitor visit)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        int blockRows = Math.Max(BlockValues / Columns, 16);
        RowScratch[] scratch = new RowScratch[runtime.Threads];
        runtime.For(checked((int)((rows.Rows + blockRows - 1) / blockRows)), (part, worker) =>
        {
            RowScratch own = scratch[worker] ??= new RowScratch(gaussian, blockRows);
            long first = (long)part * blockRows;
            int count = (int)Math.Min(blockRows, rows.Rows - first);
            ReadOnlySpan<double> block = rows.Read(first, count, own.Buffer);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<double> row = block.Slice(i * Columns, Columns);
                double quadratic = own.Infer(row);
                visit(first + i, row, own.Posterior, own.Mean, quadratic);
            }
        });
    }

    private delegate void RowVisitor(long row, ReadOnlySpan<double> values, FactorPosterior posterior, ReadOnlySpan<double> mean, double quadratic);

    /// <summary>What one thread needs to infer rows.</summary>
    private sealed class RowScratch(FactorGaussian gaussian, int blockRows)
    {
        private readonly double[] centred = new double[gaussian.Columns];
        private readonly int[] observed = new int[gaussian.Columns];
        private bool started;

        public double[] Buffer { get; } = new double[blockRows * gaussian.Columns];

        public double[] Mean { get; } = new double[gaussian.Factors];

        public FactorPosterior Posterior { get; } = new(gaussian.Columns, gaussian.Factors);

        public double Infer(ReadOnlySpan<double> row)
        {
            int count = 0;
            for (int i = 0; i < row.Length; i++)
            {
                if (double.IsNaN(row[i])) continue;
                observed[count] = i;
                centred[count++] = row[i] - gaussian.Mean[i];
            }

            if (!started || !Posterior.Observed.SequenceEqual(observed.AsSpan(0, count))) Posterior.Condition(gaussian, observed.AsSpan(0, count));
            started = true;
            return Posterior.Infer(centred.AsSpan(0, count), Mean);
        }
    }
}
