using System.Diagnostics;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>Makes learning curves: chooses the learning rate, learns, and measures on the way.</summary>
/// <param name="plan">The sizes.</param>
/// <param name="train">All training rows.</param>
/// <param name="test">The test rows.</param>
/// <param name="seed">Decides every draw.</param>
/// <param name="runtime">The workers to run on.</param>
internal sealed class CurveMaker(ComparisonPlan plan, DataSet train, DataSet test, ulong seed, Runtime runtime)
{
    /// <summary>Makes one curve.</summary>
    /// <param name="count">The training rows, the first ones.</param>
    /// <param name="method">The method.</param>
    /// <param name="progress">Told of the finished share of the curve.</param>
    /// <param name="cancellation">Stops it.</param>
    public LearningCurve Make(int count, string method, Action<double> progress, CancellationToken cancellation)
    {
        DataSet rows = train.Slice(0, count);
        Learner learner = new(plan, rows, seed, runtime);
        DataSet measured = rows.Slice(0, Math.Min(plan.MeasuredRows, count)), held = test.Slice(0, Math.Min(plan.MeasuredRows, test.Rows));

        // An EM that passes over all rows in each iteration needs a few of them before it shows anything.
        long tuning = method == Methods.MonteCarloEm ? Math.Max(plan.TuningSamples, 2L * plan.GradientsOfIteration * count) : plan.TuningSamples;
        double tuningShare = plan.Rates.Count < 2 ? 0 : (double)tuning * plan.Rates.Count / (tuning * plan.Rates.Count + plan.Budgets[^1]);
        double rate = plan.Rates[0], best = double.NegativeInfinity;
        for (int i = 0; i < plan.Rates.Count && plan.Rates.Count > 1; i++)
        {
            int place = i;
            double value = double.NegativeInfinity;
            learner.Learn(method, plan.Rates[i], [tuning], (_, decoder) => value = Measure(learner, measured.Slice(0, Math.Min(plan.TuningRows, measured.Rows)), decoder, cancellation).Mean,
                share => progress(tuningShare * (place + share) / plan.Rates.Count), cancellation);
            if (value > best) (rate, best) = (plan.Rates[i], value);
        }

        List<CurvePoint> points = [];
        Stopwatch clock = Stopwatch.StartNew();
        learner.Learn(method, rate, plan.Budgets, (samples, decoder) =>
        {
            clock.Stop();
            // A number of samples that two budgets are rounded up to is one point.
            if (points.Count == 0 || points[^1].Samples != samples)
            {
                MarginalLikelihoodResult inside = Measure(learner, measured, decoder, cancellation), outside = Measure(learner, held, decoder, cancellation);
                points.Add(new CurvePoint(samples, inside.Mean, inside.StandardError, outside.Mean, outside.StandardError, outside.ReciprocalMean));
            }

            clock.Start();
        }, share => progress(tuningShare + (1 - tuningShare) * share), cancellation);
        return new LearningCurve(count, method, rate, points, clock.Elapsed.TotalSeconds);
    }

    private MarginalLikelihoodResult Measure(Learner learner, DataSet rows, IReadOnlyDictionary<string, double[]> numbers, CancellationToken cancellation)
    {
        Sequential decoder = learner.Decoder();
        using VariableStore<double> store = new();
        foreach (Parameter parameter in decoder.Parameters) numbers[parameter.Name].CopyTo(store[parameter.Variable]);
        return MarginalLikelihood.Estimate(learner.Model(rows, decoder), store, new MarginalLikelihoodOptions { Seed = seed }, runtime, cancellation);
    }
}
