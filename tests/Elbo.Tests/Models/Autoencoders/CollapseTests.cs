using Elbo.Evaluation;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Tests.Training;
using Elbo.Training;

namespace Elbo.Tests.Models.Autoencoders;

public class CollapseTests
{
    private const int Width = 16, Count = 400;

    [Fact]
    public void The_bound_keeps_its_code_where_a_mean_over_pixels_loses_it()
    {
        // A reconstruction averaged over the elements of a row beside a summed KL, as an early Keras example had it, is a weight β of the row's
        // width in disguise: the posterior collapses onto the prior. The sum keeps the one bit that tells these rows apart.
        Assert.InRange(Kl(beta: 1), 0.6, 3);
        Assert.InRange(Kl(beta: Width), 0, 0.02);
    }

    private static double Kl(double beta)
    {
        Random random = new(13);
        float[] rows = new float[Count * Width];
        for (int row = 0; row < Count; row++)
        {
            double bright = random.NextDouble() < 0.5 ? 0.7 : 0.3;
            for (int j = 0; j < Width; j++) rows[row * Width + j] = random.NextDouble() < bright ? 1 : 0;
        }

        Autoencoder model = Autoencoder.Create(new AutoencoderDefinition { Latent = 2, Encoder = new NetworkDefinition([16]), Objective = new EvidenceLowerBound(Beta: beta) }, [Width]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        using Trainer trainer = new(model, new ArrayBatches(rows, Width, 50, true), new TrainingOptions(Epochs: 120, BatchSize: 50, Optimizer: new Adam(0.005)), runtime, store);
        trainer.Run();
        return new Evaluator<float>(runtime, model, store).Evaluate(new Rows(rows)).Kl!.Value;
    }

    private sealed class Rows(float[] values) : IRowSource
    {
        public int Count => values.Length / Width;

        public Shape RowShape => [Width];

        public void Read(int row, Span<float> destination) => values.AsSpan(row * Width, Width).CopyTo(destination);
    }
}
