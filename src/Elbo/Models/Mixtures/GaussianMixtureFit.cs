using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>One fit of a Gaussian mixture: checks the rows, makes the starts, runs EM.</summary>
internal sealed class GaussianMixtureFit(Observations rows, GaussianMixtureOptions options, FitOptions fitOptions, Runtime runtime)
{
    private readonly RandomStream random = new(fitOptions.Seed);

    public FitResult<GaussianMixture> Run(CancellationToken cancellation)
    {
        if (options.StartModel is { } model && model.Columns != rows.Columns)
            throw new ElboException($"The model to start from has {model.Columns} columns, and '{rows.Name}' has {rows.Columns}; give the columns that the model was fitted on.");
        ColumnSummary summary = ColumnSummary.Of(rows, runtime);
        GaussianComponents neutral = GaussianComponents.Neutral(options.Components, options.Covariance, options.Regularization, summary);
        neutral.CheckFit(summary, rows);
        DistinctRows.Check(rows, options.Components);
        Func<int, MixtureState> start = Starts(neutral, summary);
        if (options.BatchRows is { } batchRows && fitOptions.EarlierBounds.Count == 0)
        {
            Func<int, MixtureState> rough = start;
            start = restart => StepwiseEm.Pass(rows, rough(restart), batchRows, random.Split((ulong)restart).Split(1), runtime, cancellation);
        }

        bool given = options.StartModel is not null || options.StartParameters is not null;
        FitResult<GaussianMixture> result = MixtureEm.Fit(
            rows, start, static state => new GaussianMixture(state.Weights, (GaussianComponents)state.Family), given ? fitOptions with { Restarts = 1 } : fitOptions, runtime, cancellation);
        return result with { Explanation = result.Explanation + neutral.Remark(summary, rows) };
    }

    private Func<int, MixtureState> Starts(GaussianComponents neutral, ColumnSummary summary)
    {
        if (options.StartModel is { } model)
        {
            Matrix means = model.Means;
            double[] covariances = ((GaussianComponents)model.Family).CovarianceArray.ToDouble();
            return _ => new MixtureState(model.Weights.ToArray(), GaussianParameters.Components(means, covariances, options.Covariance, options.Regularization));
        }

        Lazy<MixtureStart> sample = new(() => MixtureStart.Of(rows, summary, random.Split(0)));
        if (options.StartParameters is { } parameters) return _ => Given(parameters, neutral, summary, sample);
        return restart => sample.Value.Make(neutral, options.Start, random.Split((ulong)restart));
    }

    private MixtureState Given(IReadOnlyDictionary<string, Storage.NumericArray> parameters, GaussianComponents neutral, ColumnSummary summary, Lazy<MixtureStart> sample)
    {
        int k = options.Components, d = rows.Columns;
        foreach (string name in parameters.Keys)
            if (name is not ("weights" or "means" or "covariances")) throw new ElboException($"A Gaussian mixture has no parameter '{name}' to start from; give weights, means or covariances.");
        double[]? weights = parameters.ContainsKey("weights") ? MixtureEm.CheckWeights(MixtureDefinition.Values(parameters, "weights", k), k) : null;
        double[]? covariances = parameters.ContainsKey("covariances") ? MixtureDefinition.Values(parameters, "covariances", GaussianParameters.Shape(options.Covariance, k, d)) : null;
        Matrix? means = parameters.ContainsKey("means") ? new Matrix(k, d, MixtureDefinition.Values(parameters, "means", k, d)) : null;
        if (weights is null || means is null || covariances is null)
        {
            MixtureState made = means is null ? sample.Value.Make(neutral, options.Start, random.Split(1)) : sample.Value.FromMeans(neutral, means, summary);
            GaussianComponents family = (GaussianComponents)made.Family;
            weights ??= made.Weights;
            means ??= family.Means;
            covariances ??= family.CovarianceArray.ToDouble();
        }

        return new MixtureState(weights, GaussianParameters.Components(means, covariances, options.Covariance, options.Regularization));
    }
}
