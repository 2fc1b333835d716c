using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// K multivariate Student-t densities of D columns: normal densities whose precision is multiplied by a latent u ~ Gamma(ν/2, ν/2). Given a row,
/// E[u] = (ν + d)/(ν + δ), with d the number of its values and δ their Mahalanobis distance (Peel and McLachlan, 2000).
/// </summary>
internal abstract class StudentMixtureComponents : ComponentFamily
{
    private readonly double[] degrees;

    protected StudentMixtureComponents(Matrix locations, ReadOnlySpan<double> degrees, StudentChoices choices)
        : base(locations.Rows, locations.Columns)
    {
        Locations = locations;
        Choices = choices;
        this.degrees = degrees.ToArray();
    }

    /// <summary>μ, <c>[K, D]</c>.</summary>
    public Matrix Locations { get; }

    /// <summary>ν, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> Degrees => degrees;

    public CovarianceKind Kind => Choices.Kind;

    public double Regularization => Choices.Regularization;

    public bool LearnsDegrees => Choices.LearnsDegrees;

    public override long FreeParameters
    {
        get
        {
            long k = Components, d = Columns;
            return k * d + k * (Kind == CovarianceKind.Full ? d * (d + 1) / 2 : d) + (LearnsDegrees ? k : 0);
        }
    }

    /// <summary>Two sums per component for ν and u, and then the moments.</summary>
    public override int StatisticsLength => checked(2 * Components + MomentsLength);

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new("locations", NumericArray.From<double>(Locations.Values, Components, Columns)),
        new("scales", ScaleArray),
        new("degreesOfFreedom", NumericArray.From<double>(degrees, Components)),
    ];

    protected StudentChoices Choices { get; }

    protected abstract int MomentsLength { get; }

    protected abstract NumericArray ScaleArray { get; }

    /// <summary>Checks given parameters; keeps the locations without a copy.</summary>
    public static StudentMixtureComponents Create(Matrix locations, ReadOnlySpan<double> scales, ReadOnlySpan<double> degrees, StudentChoices choices)
    {
        if (choices.Kind is not (CovarianceKind.Full or CovarianceKind.Diagonal)) throw new ElboException($"The scale of a Student-t mixture cannot be {GaussianNames.Of(choices.Kind)}; give full or diagonal.");
        if (degrees.Length != locations.Rows) throw new ElboException($"{degrees.Length} degrees of freedom were given for {locations.Rows} components; give one for each.");
        foreach (double value in degrees)
            if (!(value > 0) || double.IsInfinity(value)) throw new ElboException(FormattableString.Invariant($"The degrees of freedom hold {value}; they are positive and finite."));
        // Locations and scales are checked as the means and covariances of a normal mixture are.
        GaussianComponents gaussian = GaussianParameters.Components(locations, scales, choices.Kind, choices.Regularization);
        if (gaussian is DiagonalGaussianComponents diagonal) return new DiagonalStudentComponents(locations, diagonal.Variances, degrees, choices);
        Matrix[] matrices = [.. Enumerable.Range(0, locations.Rows).Select(gaussian.Covariance)];
        return new DenseStudentComponents(locations, matrices, [.. matrices.Select(static matrix => GaussianUpdate.TryFactor(matrix)!)], degrees, choices);
    }

    public static StudentMixtureComponents Load(JsonElement definition, int components, int columns, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        CovarianceKind kind = GaussianNames.Parse(MixtureDefinition.Text(definition, "scale"));
        StudentChoices choices = new(kind, MixtureDefinition.Number(definition, "regularization"), MixtureDefinition.Truth(definition, "learnDegreesOfFreedom"));
        double[] scales = MixtureDefinition.Values(parameters, "scales", GaussianParameters.Shape(kind, components, columns));
        double[] degrees = MixtureDefinition.Values(parameters, "degreesOfFreedom", components);
        return Create(new Matrix(components, columns, MixtureDefinition.Values(parameters, "locations", components, columns)), scales, degrees, choices);
    }

    public static StudentMixtureComponents Neutral(StudentMixtureOptions options, ColumnSummary summary)
    {
        int k = options.Components, d = summary.Means.Length;
        Matrix locations = new(k, d);
        double[] scales = new double[options.Scale == CovarianceKind.Full ? k * d * d : k * d], degrees = new double[k];
        Array.Fill(degrees, options.DegreesOfFreedom);
        for (int c = 0; c < k; c++)
        {
            summary.Means.CopyTo(locations.Row(c));
            for (int j = 0; j < d; j++)
            {
                // A constant column has the regularization for its variance from the first update on, or is refused by name in CheckFit.
                double variance = summary.Variance(j) is > 0 and var some ? some : 1;
                scales[options.Scale == CovarianceKind.Full ? (c * d + j) * d + j : c * d + j] = variance;
            }
        }

        return Create(locations, scales, degrees, new StudentChoices(options.Scale, options.Regularization, options.LearnDegreesOfFreedom));
    }

    public override void WriteDefinition(Utf8JsonWriter writer)
    {
        writer.WriteString("scale", GaussianNames.Of(Kind));
        writer.WriteNumber("regularization", Regularization);
        writer.WriteBoolean("learnDegreesOfFreedom", LearnsDegrees);
    }

    public override void CheckFit(ColumnSummary summary, Observations rows) => ConstantColumns.Check(summary, rows, Regularization, false, "Student-t");

    internal override string Remark(ColumnSummary summary, Observations rows) => ConstantColumns.Remark(summary, rows, Regularization);

    /// <summary>Normal densities with these locations and scales.</summary>
    private GaussianComponents Normal => GaussianParameters.Components(Locations, ScaleArray.ToDouble(), Kind, Regularization);

    /// <summary>Σₖ, <c>[D, D]</c>: a copy.</summary>
    public abstract Matrix Scale(int component);

    /// <summary>δ of each row's values and component, ln det of the scales of the columns that are there, and their number.</summary>
    /// <param name="rows">N rows.</param>
    /// <param name="distances">Room for δ, <c>[K, N]</c>.</param>
    /// <param name="logDeterminants">Room for ln det Σₒₒ, <c>[K, N]</c>.</param>
    /// <param name="dimensions">Room for d, <c>[N]</c>.</param>
    protected abstract void Distances(RowBlock rows, Span<double> distances, Span<double> logDeterminants, Span<int> dimensions);

    /// <summary>Adds the moments of rows.</summary>
    /// <param name="rows">N rows.</param>
    /// <param name="shares">r, <c>[K, N]</c>.</param>
    /// <param name="scaled">r·u, <c>[K, N]</c>.</param>
    /// <param name="moments">The sums, <c>[<see cref="MomentsLength"/>]</c>.</param>
    protected abstract void AddMoments(RowBlock rows, ReadOnlySpan<double> shares, ReadOnlySpan<double> scaled, Span<double> moments);

    protected abstract StudentMixtureComponents Update(ReadOnlySpan<double> counts, ReadOnlySpan<double> scaledCounts, ReadOnlySpan<double> moments, double[] updatedDegrees);

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        int count = rows.Count;
        double[] logDeterminants = new double[result.Length], normalizers = new double[Columns + 1];
        int[] dimensions = new int[count];
        Distances(rows, result, logDeterminants, dimensions);
        for (int k = 0; k < Components; k++)
        {
            Array.Fill(normalizers, double.NaN);
            for (int n = 0; n < count; n++)
            {
                int d = dimensions[n];
                if (double.IsNaN(normalizers[d])) normalizers[d] = StudentDegrees.LogNormalizer(degrees[k], d);
                ref double value = ref result[k * count + n];
                value = normalizers[d] - 0.5 * logDeterminants[k * count + n] - 0.5 * (degrees[k] + d) * StudentDegrees.Log1P(value / degrees[k]);
            }
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        int count = rows.Count;
        double[] scaled = new double[Components * count], unused = new double[scaled.Length], digammas = new double[Columns + 1];
        int[] dimensions = new int[count];
        Distances(rows, scaled, unused, dimensions);
        for (int k = 0; k < Components; k++)
        {
            Array.Fill(digammas, double.NaN);
            for (int n = 0; n < count; n++)
            {
                int d = dimensions[n];
                double share = responsibilities[k * count + n], u = (degrees[k] + d) / (degrees[k] + scaled[k * count + n]);
                scaled[k * count + n] = share * u;
                if (share == 0) continue;
                if (double.IsNaN(digammas[d])) digammas[d] = StudentDegrees.DigammaLessLog(0.5 * (degrees[k] + d));
                statistics[2 * k] += share * u;
                statistics[2 * k + 1] += share * (Math.Log(u) - u + digammas[d]);
            }
        }

        AddMoments(rows, responsibilities, scaled, statistics[(2 * Components)..]);
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        double[] updated = [.. degrees], scaledCounts = new double[Components];
        for (int k = 0; k < Components; k++)
        {
            scaledCounts[k] = statistics[2 * k];
            if (LearnsDegrees && counts[k] > 0) updated[k] = StudentDegrees.Solve(statistics[2 * k + 1] / counts[k], degrees[k]);
        }

        return Update(counts, scaledCounts, statistics[(2 * Components)..], updated);
    }

    public override int VectorLength => Normal.VectorLength + (LearnsDegrees ? Components : 0);

    /// <summary>Locations and scales as a normal mixture's, and then ln ν where it is learned.</summary>
    public override void ToVector(Span<double> vector, ComponentFamily units)
    {
        GaussianComponents normal = Normal;
        normal.ToVector(vector[..normal.VectorLength], ((StudentMixtureComponents)units).Normal);
        for (int k = 0; LearnsDegrees && k < Components; k++) vector[normal.VectorLength + k] = Math.Log(degrees[k]);
    }

    public override ComponentFamily? FromVector(ReadOnlySpan<double> vector)
    {
        GaussianComponents normal = Normal;
        if (normal.FromVector(vector[..normal.VectorLength]) is not GaussianComponents guess) return null;
        double[] guessed = [.. degrees];
        for (int k = 0; LearnsDegrees && k < Components; k++) guessed[k] = Math.Clamp(Math.Exp(vector[normal.VectorLength + k]), StudentDegrees.Least, StudentDegrees.Most);
        return Create(guess.Means, guess.CovarianceArray.ToDouble(), guessed, Choices);
    }

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        double[] distance = new double[Components];
        int[] dimension = new int[1];
        Distances(new RowBlock(row, Columns, true), distance, new double[Components], dimension);
        // Given what is there, the rest is a t of ν + d degrees of freedom whose squared scale is (ν + δ)/(ν + d) times that of the normal.
        double conditional = degrees[component] + dimension[0];
        double gamma = Inference.ConjugateDraws.Gamma(0.5 * conditional, 0.5 * conditional, random.Split(1));
        double spread = Math.Sqrt((degrees[component] + distance[component]) / conditional / gamma);
        DrawNormal(component, row, spread, random.Split(0), result);
    }

    /// <summary>A draw from the normal given what is there, its deviations multiplied by a factor.</summary>
    protected abstract void DrawNormal(int component, ReadOnlySpan<double> row, double spread, RandomStream random, Span<double> result);

    protected ElboException Singular(int component, double rows) => new(FormattableString.Invariant(
        $"The scale of component {component} became singular: {rows:0.#} rows do not spread in all {Columns} columns. Use fewer components, a larger regularization than {Regularization}, a diagonal scale, or drop columns that repeat others."));
}
