#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// Auto-encoding variational Bayes, Kingma and Welling 2013 (arXiv 1312.6114), written out: everything between the rows and the bound.
// Run it:  dotnet run samples/aevb.cs [data] [epochs]      data: digits (built in), mnist, or a file; see 'elbo data list'.
// What it is not: fast to write models with; for that see keras.cs, where the same is four lines.

using Elbo.Data;
using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

const int BatchSize = 100, Hidden = 500, Latent = 20;
const double StepSize = 0.02;
DataSet rows = DataSource.Load(args.Length > 0 ? args[0] : "digits").Train;
int epochs = args.Length > 1 ? int.Parse(args[1]) : 10;
Batcher batches = new(rows, new BatchOptions { BatchSize = BatchSize });

// The parameters: weights start as N(0, 0.01²), and N(0, I) is their prior.
Initializer start = Initializer.Normal(0.01);
Dense encoder = new("encoder", rows.RowLength, Hidden, start, start);
Dense mean = new("mean", Hidden, Latent, start, start), logVariance = new("logVariance", Hidden, Latent, start, start);
Dense decoder = new("decoder", Latent, Hidden, start, start), pixels = new("pixels", Hidden, rows.RowLength, start, start);
Parameter[] parameters = [.. new[] { encoder, mean, logVariance, decoder, pixels }.SelectMany(layer => layer.Parameters)];

// The model p(z) p(x|z) and the recognition model q(z|x), eq. 9 to 11. Building the graph computes nothing.
Tensor x = Tensor.Input("x", [BatchSize, rows.RowLength]);
LayerContext training = new(isTraining: true);
Tensor features = encoder.Apply(x, training).Tanh();
Normal posterior = Normal.FromLogVariance(mean.Apply(features, training), logVariance.Apply(features, training));
Normal prior = Normal.Standard([Latent]);
Tensor z = posterior.Reparameterize(posterior.Noise(training.NextKey()));
Bernoulli likelihood = new(pixels.Apply(decoder.Apply(z, training).Tanh(), training));

// The estimator of the bound, eq. 7 with L = 1: a mean over rows, in nats.
Tensor reconstruction = likelihood.LogDensity(x).Mean();
Tensor kl = KlDivergence.Between(posterior, prior).Mean();
Tensor bound = reconstruction - kl;

// Maximum a posteriori by Adagrad: the gradients are graphs too, and the updates are part of the same compiled step.
Tensor logPrior = parameters.Select(parameter => parameter.Value.Square().Sum() * -0.5).Aggregate((a, b) => a + b);
Tensor[] gradients = (bound + logPrior * (1.0 / rows.Rows)).Gradients([.. parameters.Select(parameter => parameter.Value)]);
List<Update> updates = [];
for (int i = 0; i < parameters.Length; i++)
{
    Variable squares = new($"{parameters[i].Name}.squares", parameters[i].Shape);
    Tensor sum = squares.Value + gradients[i].Square();
    updates.Add(new Update(squares, sum));
    updates.Add(new Update(parameters[i].Variable, parameters[i].Value + gradients[i] * StepSize / (sum.Sqrt() + 1e-10)));
}

// Compile once, run many times.
using Runtime runtime = new();
using VariableStore<float> store = new();
RandomStream random = new(1);
parameters.Initialize(store, random.Split(0));
using Plan<float> step = Plan<float>.Compile(runtime, store, [bound, reconstruction, kl], updates);
for (int epoch = 0; epoch < epochs; epoch++)
{
    double[] sums = new double[3];
    for (int batch = 0; batch < batches.BatchesPerEpoch; batch++)
    {
        long number = (long)epoch * batches.BatchesPerEpoch + batch;
        batches.Fill(number, step.Input(x));
        step.Run(random.Split(1).Split((ulong)number));
        for (int i = 0; i < sums.Length; i++) sums[i] += step.Output(i)[0] / batches.BatchesPerEpoch;
    }

    Console.WriteLine($"epoch {epoch + 1}: bound {sums[0]:F2}, reconstruction {sums[1]:F2}, KL {sums[2]:F2} nats");
}
