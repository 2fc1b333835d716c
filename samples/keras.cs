#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// The variational autoencoder of the Keras examples (Chollet 2016): 784-256-2, RMSprop, batches of 100, 50 epochs on grey MNIST.
// Run it:  dotnet run samples/keras.cs [data] [epochs]      data: mnist, digits (built in), or a file; see 'elbo data list'.
// Published: a test loss of 153.4 nats after 50 epochs.

using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

LoadedData data = DataSource.Load(args.Length > 0 ? args[0] : "mnist");
TrainingOptions options = new(Epochs: args.Length > 1 ? int.Parse(args[1]) : 50, BatchSize: 100, Optimizer: new RmsProp(0.001));
AutoencoderDefinition definition = new() { Preset = "vae", Latent = 2, Encoder = new NetworkDefinition([256]) };
Autoencoder model = Autoencoder.Create(definition, Shape.Create(data.Train.RowShape));
model.CheckData(data.Train);

using Runtime runtime = new();
using VariableStore<float> store = new();
using Trainer trainer = new(model, new DataSetBatches(data.Train, new BatchOptions { BatchSize = 100 }), options, runtime, store);
foreach (EpochRecord epoch in trainer.Run().History)
    Console.WriteLine($"epoch {epoch.Epoch}: bound {epoch.Training["elbo"][0]:F2} nats");

EvaluationResult result = new Evaluator<float>(runtime, model, store).Evaluate(new DataSetRows(data.Test ?? data.Train));
Console.WriteLine($"test: bound {result.Elbo:F2} ± {result.ElboStandardError:F2}, reconstruction {result.Reconstruction:F2}, KL {result.Kl:F2} nats");
