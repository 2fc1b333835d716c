#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// Auto-encoding variational Bayes, wake-sleep and Monte Carlo EM on few rows, by estimated ln p(x), as in Kingma and Welling 2013, figure 3.
// Run it:  dotnet run samples/em.cs [rows] [gradients]      gradients: how often the gradient of each row is evaluated, the same for all three.
// With 200 rows and 3000 gradients: -119.8, -122.9 and -116.6 nats. With 2000 rows and 300 gradients the steps of the first two are as many, and those of
// Monte Carlo EM, which visits every row in each, a tenth: it does not scale. Step sizes are fixed here; 'elbo reproduce aevb-figure-3' chooses them for
// each method and sets the curves beside the figure's.

using Elbo.Data;
using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

const int Latent = 3, Hidden = 100, BatchSize = 50;
int count = args.Length > 0 ? int.Parse(args[0]) : 200, gradients = args.Length > 1 ? int.Parse(args[1]) : 3000;
DataSet rows = DataSource.Load("digits").Train.Slice(0, count);
using Runtime runtime = new();

double[] values = new double[rows.Rows * rows.RowLength];
float[] row = new float[rows.RowLength];
for (int n = 0; n < rows.Rows; n++)
{
    rows.CopyRow(n, row);
    for (int i = 0; i < row.Length; i++) values[n * row.Length + i] = row[i];
}

Report("auto-encoding variational Bayes", Autoencode(new EvidenceLowerBound()));
Report("wake-sleep", Autoencode(new WakeSleepBound()));

// Each iteration makes 10 leapfrog steps and 5 steps on the decoder.
Sequential decoder = Decoder();
MonteCarloEmOptions options = new() { Iterations = gradients / 15, BurnIn = gradients / 150, Optimizer = new Adam(0.02), Hamiltonian = new HamiltonianOptions { LeapfrogSteps = 10 } };
Report("Monte Carlo EM", MonteCarloEm.Fit(Model(decoder, decoder.Parameters), options, runtime).Parameters);

// The same decoder, and an encoder of the same size, by the trainer.
IReadOnlyDictionary<string, double[]> Autoencode(Bound objective)
{
    Shape shape = Shape.Create(rows.RowShape);
    Sequential encoder = new(shape, [new Flatten(shape), new Dense("encoder.0", rows.RowLength, Hidden), new Activation(ActivationKind.Tanh, [Hidden])]);
    Sequential layers = Decoder();
    Sequential image = new([Latent], [layers, new Reshape(shape)]);
    Autoencoder model = new(shape, Latent, encoder, image, objective: objective);
    using VariableStore<float> store = new();
    TrainingOptions training = new(Steps: (long)gradients * count / BatchSize, BatchSize: BatchSize, Optimizer: new Adam(0.001), Schedule: new CosineSchedule());
    using Trainer trainer = new(model, new DataSetBatches(rows, new BatchOptions { BatchSize = BatchSize }), training, runtime, store);
    trainer.Run();
    return layers.Parameters.ToDictionary(parameter => parameter.Name, parameter => store[parameter.Variable].ToArray().Select(value => (double)value).ToArray());
}

// ln p(x) of the rows by importance sampling from a normal fitted to the posterior of each: the decoder is what is judged, not the encoder.
void Report(string name, IReadOnlyDictionary<string, double[]> learned)
{
    Sequential layers = Decoder();
    Parameter[] known = [.. layers.Parameters.Select(parameter => new Parameter(parameter.Variable, Initializer.Values(learned[parameter.Name]), isTrainable: false))];
    BlackBoxOptions judge = new() { Steps = 600, EvaluationSamples = 1000, Estimator = new StickingTheLandingEstimator() };
    BlackBoxResult result = BlackBoxInference.Fit(Model(layers, known), new MeanFieldGuide(0.5), judge, runtime);
    Console.WriteLine($"{name}: ln p(x) {result.LogEvidence / count:F2} nats, bound {result.Elbo / count:F2}");
}

// ln p(x, z) of every row: z ~ N(0, I), x | z ~ Bernoulli(decoder(z)).
BlackBoxModel Model(Layer layers, IReadOnlyList<Parameter> parameters)
{
    Tensor x = Tensor.Constant([count, rows.RowLength], values);
    return new BlackBoxModel(Latent, z =>
    {
        Tensor logits = layers.Apply(z.Reshape([z.Shape.ElementCount / Latent, Latent]), new LayerContext(isTraining: false));
        return Normal.Standard([Latent]).LogDensity(z) + new Bernoulli(logits.Reshape([.. z.Shape.SkipLast(1), rows.RowLength])).LogDensity(x);
    })
    { Batch = [count], Parameters = parameters };
}

Sequential Decoder() => new([Latent], [new Dense("decoder.0", Latent, Hidden), new Activation(ActivationKind.Tanh, [Hidden]), new Dense("decoder.1", Hidden, rows.RowLength)]);
