using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// Bayesian linear regression with automatic relevance determination: y = w₀ + wᵀx + ε with a precision αⱼ for each weight, q(w, τ) q(α) by coordinate
/// ascent (Bishop, "Pattern recognition and machine learning", 2006, sections 7.2 and 10.3; Drugowitsch, 2013). A row holds inputs and target. Immutable.
/// </summary>
/// <remarks>Columns are centred at their training means, so that w₀ is the prediction there and its prior lies around the target's mean. Inputs are given, not modelled.</remarks>
public sealed class BayesianRegression : RowModel
{
    /// <summary>The name of the family.</summary>
    public const string KindName = "bayesian-regression";

    private const int BlockRows = 4096;

    private readonly RegressionState state;
    private readonly double[] center;

    private BayesianRegression(int target, string? targetName, double[] center, RegressionState state)
    {
        Target = target;
        TargetName = targetName;
        this.center = center;
        this.state = state;
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Bayesian linear regression of {TargetName ?? $"column {Target}"} on {Columns - 1} {(Columns == 2 ? "column" : "columns")}";

    /// <inheritdoc/>
    public override int Columns => center.Length;

    /// <summary>The number of the column that is predicted.</summary>
    public int Target { get; }

    /// <summary>The name of the column that is predicted; null where the model was saved without it.</summary>
    public string? TargetName { get; }

    /// <summary>E[w], one for each input column in order, and last w₀ at the columns' training means, <c>[D]</c>.</summary>
    public ReadOnlySpan<double> Weights => state.Mean;

    /// <summary>V, with q(w|τ) = N(E[w], V/τ), <c>[D, D]</c>: a copy.</summary>
    public Matrix WeightCovariance => state.Covariance.Clone();

    /// <summary>q(τ), of the precision of the noise.</summary>
    public GammaFactor Noise => state.Noise;

    /// <summary>q(αⱼ) of each weight, in the order of <see cref="Weights"/>: a large mean switches a column off.</summary>
    public IReadOnlyList<GammaFactor> Relevances => state.Relevances;

    /// <summary>The weights and the noise.</summary>
    public override long FreeParameters => Columns + 1;

    /// <summary><c>prediction</c>, <c>variance</c>.</summary>
    public override IReadOnlyList<string> CodeNames => ["prediction", "variance"];

    /// <summary>Finds the posterior.</summary>
    /// <param name="rows">Inputs and target, none missing; rows may have weights.</param>
    /// <param name="options">The target and the priors.</param>
    /// <param name="fitOptions">When to stop; the tolerance is in nats per row.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The model, and the bound on ln p(y|X) per row, with every constant.</returns>
    /// <exception cref="ElboException">There is no such column, or no input, a value is missing, or columns repeat each other to the last digit.</exception>
    public static FitResult<BayesianRegression> Fit(
        Observations rows, BayesianRegressionOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        fitOptions ??= new FitOptions();
        fitOptions.Check();
        int target = FindTarget(rows, options.Target);
        if (rows.Columns < 2) throw new ElboException($"'{rows.Name}' has one column; give at least one input beside the target.");
        RejectMissing(rows, -1);
        using Runtime? own = runtime is null ? new Runtime() : null;
        RowMoments moments = RowMoments.Of(rows, runtime ?? own!);
        RegressionSums sums = Sums(moments, target);
        FitLoopResult<RegressionState> result = FitLoop.Run(
            RegressionState.Start(sums, options),
            state => new FitStep<RegressionState>(state.Bound(sums, options) / moments.TotalWeight, state.UpdateRelevances(options).UpdateWeights(sums, options)),
            state => new BayesianRegression(target, rows.ColumnNames[target], moments.Mean, state), fitOptions, 1, cancellation);
        return new FitResult<BayesianRegression>(
            new BayesianRegression(target, rows.ColumnNames[target], moments.Mean, result.State), result.Bounds, result.Stop, result.Iterations, result.Explanation, moments.TotalWeight);
    }

    /// <summary>ln p(y|x) of each row: a Student-t density with 2a degrees of freedom around the prediction (Bishop 3.58); 0 where the target is missing.</summary>
    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime)
    {
        double degrees = 2 * state.Noise.Shape;
        double constant = GammaFunctions.LogGamma(0.5 * (degrees + 1)) - GammaFunctions.LogGamma(0.5 * degrees) - 0.5 * Math.Log(degrees * Math.PI);
        double[] logs = new double[checked((int)rows.Rows)];
        Predict(rows, runtime, (index, row, mean, scale) =>
        {
            double difference = row[Target] - mean;
            logs[index] = double.IsNaN(difference) ? 0 : constant - 0.5 * Math.Log(scale) - 0.5 * (degrees + 1) * double.LogP1(difference * difference / (scale * degrees));
        });
        logs.CopyTo(result);
    }

    /// <summary>The mean and the variance of p(y|x), <c>[N, 2]</c>; the variance is ∞ where the posterior has no more than 2 degrees of freedom. The target may be missing.</summary>
    /// <inheritdoc/>
    public override Matrix Encode(Observations rows, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Matrix result = new(checked((int)rows.Rows), 2);
        double shape = state.Noise.Shape, factor = shape > 1 ? shape / (shape - 1) : double.PositiveInfinity;
        Predict(rows, runtime, (index, _, mean, scale) => (result[index, 0], result[index, 1]) = (mean, scale * factor));
        return result;
    }

    /// <summary>The rows with the target replaced by its prediction, <c>[N, D]</c>.</summary>
    /// <inheritdoc/>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Matrix result = new(checked((int)rows.Rows), Columns);
        Predict(rows, runtime, (index, row, mean, _) =>
        {
            row.CopyTo(result.Row(index));
            result[index, Target] = mean;
        });
        return result;
    }

    /// <summary>Refused: the inputs have no distribution. <see cref="Impute"/> draws targets for given inputs.</summary>
    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random) =>
        throw new ElboException("A regression has no distribution of its inputs to draw rows from; give rows whose target is missing, and impute draws of it.");

    /// <summary>The rows with each missing target filled in; the inputs must be there.</summary>
    /// <inheritdoc/>
    public override Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Matrix result = new(checked((int)rows.Rows), Columns);
        Predict(rows, runtime, (index, row, mean, scale) =>
        {
            row.CopyTo(result.Row(index));
            if (!double.IsNaN(row[Target])) return;
            result[index, Target] = mean;
            if (draw is not { } random) return;
            RandomStream one = random.Split((ulong)index);
            double shape = state.Noise.Shape;
            result[index, Target] += one.Split(0).Normal(0) * Math.Sqrt(scale / ConjugateDraws.Gamma(shape, shape, one.Split(1)));
        });
        return result;
    }

    /// <inheritdoc/>
    public override JsonElement Definition => JsonObjects.Write(writer =>
    {
        writer.WriteNumber("columns", Columns);
        writer.WriteNumber("target", Target);
        if (TargetName is not null) writer.WriteString("targetName", TargetName);
    });

    /// <summary>
    /// <c>weights</c> <c>[D]</c> (inputs, then the constant), <c>weightCovariance</c> V <c>[D, D]</c>, <c>noise</c> (a, b) <c>[2]</c>, <c>relevances</c> (c, d) <c>[D, 2]</c>, <c>center</c> <c>[D]</c>.
    /// </summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new("weights", NumericArray.From<double>(state.Mean)),
        new("weightCovariance", NumericArray.From<double>(state.Covariance.Values, Columns, Columns)),
        new("noise", NumericArray.From<double>([state.Noise.Shape, state.Noise.Rate])),
        new("relevances", NumericArray.From<double>(state.Relevances.SelectMany(static factor => (double[])[factor.Shape, factor.Rate]).ToArray(), Columns, 2)),
        new("center", NumericArray.From<double>(center)),
    ];

    /// <summary>Makes a model from what <see cref="Definition"/> and <see cref="Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a regression.</exception>
    public static BayesianRegression Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int columns = FactorDefinition.Integer(definition, "columns", 2), target = FactorDefinition.Integer(definition, "target", 0);
        if (target >= columns) throw new ElboException($"The model predicts column {target}, and has {columns} columns; the model folder is damaged.");
        double[] noise = FactorDefinition.Values(parameters, "noise", 2), relevances = FactorDefinition.Values(parameters, "relevances", columns, 2);
        foreach (double value in (double[])[.. noise, .. relevances])
            if (!(value > 0)) throw new ElboException(FormattableString.Invariant($"A shape or rate of the noise or the relevances is {value}; they are positive."));
        Matrix covariance = new(columns, columns, FactorDefinition.Values(parameters, "weightCovariance", columns, columns));
        if (CholeskyFactor.TryFactor(covariance) is null) throw new ElboException("The covariance of the weights is not positive definite; the model folder is damaged.");
        GammaFactor[] factors = [.. Enumerable.Range(0, columns).Select(j => new GammaFactor(relevances[2 * j], relevances[2 * j + 1]))];
        string? name = definition.TryGetProperty("targetName", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return new BayesianRegression(
            target, name, FactorDefinition.Values(parameters, "center", columns), new RegressionState(FactorDefinition.Values(parameters, "weights", columns), covariance, new GammaFactor(noise[0], noise[1]), factors));
    }

    private delegate void Prediction(int index, ReadOnlySpan<double> row, double mean, double scale);

    /// <summary>The centre mᵀx and the squared scale (1 + xᵀVx) b/a of each row's predictive t density.</summary>
    private void Predict(Observations rows, Runtime runtime, Prediction action)
    {
        CheckColumns(rows);
        ArgumentNullException.ThrowIfNull(runtime);
        RejectMissing(rows, Target);
        int parts = (int)((rows.Rows + BlockRows - 1) / BlockRows), columns = Columns;
        runtime.For(parts, (part, _) =>
        {
            long first = (long)part * BlockRows;
            int count = (int)Math.Min(BlockRows, rows.Rows - first);
            ReadOnlySpan<double> values = rows.Read(first, count, new double[count * columns]);
            double[] inputs = new double[columns];
            inputs[^1] = 1;
            for (int n = 0; n < count; n++)
            {
                ReadOnlySpan<double> row = values.Slice(n * columns, columns);
                for (int j = 0, k = 0; j < columns; j++)
                    if (j != Target) inputs[k++] = row[j] - center[j];
                double spread = 1;
                for (int j = 0; j < columns; j++) spread += inputs[j] * VectorMath.Dot(state.Covariance.Row(j), inputs);
                action((int)first + n, row, center[Target] + VectorMath.Dot(state.Mean, inputs), spread * state.Noise.Rate / state.Noise.Shape);
            }
        });
    }

    private static RegressionSums Sums(RowMoments moments, int target)
    {
        int columns = moments.Mean.Length, constant = columns - 1;
        double total = moments.TotalWeight;
        Matrix inputs = new(columns, columns);
        double[] cross = new double[columns];
        int[] places = [.. Enumerable.Range(0, columns).Where(j => j != target)];
        for (int i = 0; i < constant; i++)
        {
            cross[i] = total * moments.Covariance[places[i], target];
            for (int j = 0; j < constant; j++) inputs[i, j] = total * moments.Covariance[places[i], places[j]];
        }

        inputs[constant, constant] = total;
        return new RegressionSums(total, inputs, cross, total * moments.Covariance[target, target]);
    }

    private static int FindTarget(Observations rows, string name)
    {
        for (int j = 0; j < rows.Columns; j++)
            if (rows.ColumnNames[j] == name) return j;
        if (int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) && number < rows.Columns) return number;
        throw new ElboException($"'{rows.Name}' has no column '{name}' to predict; its columns are {string.Join(", ", rows.ColumnNames.Take(20))}{(rows.Columns > 20 ? ", …" : "")}.");
    }

    /// <summary>Throws where a value is missing or infinite in a column that must be there.</summary>
    private static void RejectMissing(Observations rows, int except)
    {
        if (!rows.MayHaveMissing) return;
        double[] buffer = new double[BlockRows * rows.Columns];
        for (long first = 0; first < rows.Rows; first += BlockRows)
        {
            int count = (int)Math.Min(BlockRows, rows.Rows - first);
            ReadOnlySpan<double> values = rows.Read(first, count, buffer);
            for (int i = 0; i < count * rows.Columns; i++)
            {
                if (double.IsNaN(values[i]) && i % rows.Columns != except)
                    throw new ElboException($"{rows.RowName(first + i / rows.Columns)} of '{rows.Name}' misses column '{rows.ColumnNames[i % rows.Columns]}'; a regression needs every input. Impute the rows with a mixture or a factor model first.");
            }
        }
    }
}
