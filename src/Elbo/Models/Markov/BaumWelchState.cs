namespace Elbo.Models;

/// <summary>A model on its way through Baum-Welch, and what was measured of it and of those before it.</summary>
internal sealed class BaumWelchState
{
    private readonly int iteration;
    private readonly List<double> logLikelihoods;

    private BaumWelchState(HiddenMarkovModel model, int iteration, List<double> logLikelihoods)
    {
        Model = model;
        this.iteration = iteration;
        this.logLikelihoods = logLikelihoods;
    }

    public HiddenMarkovModel Model { get; }

    /// <summary>Expected rows of each state, once measured.</summary>
    public double[] Occupancy { get; private set; } = [];

    /// <summary>The log-likelihood of each model from the start to this one, in nats per row, without the prior that a regularized fit climbs beside it.</summary>
    public IReadOnlyList<double> LogLikelihoods => logLikelihoods[..(iteration + 1)];

    public static BaumWelchState Start(HiddenMarkovModel model) => new(model, 0, []);

    public BaumWelchState Next(HiddenMarkovModel model) => new(model, iteration + 1, logLikelihoods);

    public void Measured(double logLikelihood, double[] occupancy)
    {
        Occupancy = occupancy;
        // The kept one of several starts is measured again where it goes on.
        if (iteration == logLikelihoods.Count) logLikelihoods.Add(logLikelihood);
    }
}
