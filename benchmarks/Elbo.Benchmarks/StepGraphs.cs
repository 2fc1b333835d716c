using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>The training steps that are measured, written over plain tensors, with Adam as in the peers.</summary>
internal static class StepGraphs
{
    private sealed class Builder
    {
        private int _count;

        public List<Variable> Parameters { get; } = [];

        public Variable New(Shape shape)
        {
            Variable variable = new($"p{_count++}", shape);
            Parameters.Add(variable);
            return variable;
        }

        public Tensor Dense(Tensor x, int width) => x.MatMul(New([x.Shape[-1], width])) + New([width]);
    }

    /// <summary>Encoder widths, latent size, mirrored decoder.</summary>
    public static StepGraph Dense(int batch, int[] widths, int latent, Func<Tensor, Tensor> activation, bool binarize)
    {
        Builder builder = new();
        Tensor data = Tensor.Input("x", [batch, 784]);
        Tensor x = binarize ? data.Greater(Tensor.RandomUniform([batch, 784], 2)) : data;
        Tensor h = x;
        foreach (int width in widths) h = activation(builder.Dense(h, width));
        Tensor mean = builder.Dense(h, latent), logVariance = builder.Dense(h, latent);
        Tensor z = mean + Tensor.RandomNormal([batch, latent], 1) * (logVariance * 0.5).Exp();
        h = z;
        foreach (int width in widths.Reverse()) h = activation(builder.Dense(h, width));
        Tensor logits = builder.Dense(h, 784);
        Tensor reconstruction = (x * logits - logits.Softplus()).Sum(1);
        return Finish(builder, data, reconstruction - Kl(mean, logVariance));
    }

    /// <summary>Convolutions 32-64-128, 4×4, stride 2, to z = 128, and the mirrored decoder, on 3×32×32.</summary>
    public static StepGraph Convolutional(int batch)
    {
        Builder builder = new();
        Tensor x = Tensor.Input("x", [batch, 3, 32, 32]);
        Tensor h = x;
        foreach (int channels in (int[])[32, 64, 128])
            h = (h.Convolve(builder.New([channels, h.Shape[1], 4, 4]), 2, 1) + builder.New([1, channels, 1, 1])).Relu();
        h = h.Reshape([batch, 128 * 16]);
        Tensor mean = builder.Dense(h, 128), logVariance = builder.Dense(h, 128);
        Tensor z = mean + Tensor.RandomNormal([batch, 128], 1) * (logVariance * 0.5).Exp();
        h = builder.Dense(z, 128 * 16).Relu().Reshape([batch, 128, 4, 4]);
        foreach (int channels in (int[])[64, 32, 3])
        {
            h = h.ConvolveTransposed(builder.New([h.Shape[1], channels, 4, 4]), 2, 1) + builder.New([1, channels, 1, 1]);
            if (channels != 3) h = h.Relu();
        }

        Tensor reconstruction = (x * h - h.Softplus()).Sum([1, 2, 3]);
        return Finish(builder, x, reconstruction - Kl(mean, logVariance));
    }

    private static Tensor Kl(Tensor mean, Tensor logVariance) => (mean.Square() + logVariance.Exp() - 1.0 - logVariance).Sum(1) * 0.5;

    private static StepGraph Finish(Builder builder, Tensor input, Tensor elbo)
    {
        Tensor loss = -elbo.Mean();
        Tensor[] gradients = loss.Gradients([.. builder.Parameters.Select(parameter => parameter.Value)]);
        Tensor rate = Tensor.Input("rate", []), correction = Tensor.Input("correction", []);
        List<Update> updates = [];
        for (int i = 0; i < gradients.Length; i++)
        {
            Variable parameter = builder.Parameters[i], first = new($"m{i}", parameter.Shape), second = new($"v{i}", parameter.Shape);
            Tensor m = first.Value * 0.9 + gradients[i] * 0.1, v = second.Value * 0.999 + gradients[i].Square() * 0.001;
            updates.Add(new Update(first, m));
            updates.Add(new Update(second, v));
            updates.Add(new Update(parameter, parameter.Value - m * rate / (v.Sqrt() * correction + 1e-8)));
        }

        return new StepGraph(input, rate, correction, loss, updates, builder.Parameters);
    }
}

/// <summary>A step's graph: its inputs, its loss and what it assigns.</summary>
internal sealed record StepGraph(Tensor Input, Tensor Rate, Tensor Correction, Tensor Loss, List<Update> Updates, List<Variable> Parameters)
{
    /// <summary>Multiply-adds of the matrix products and convolutions of one step, from the compiled plan.</summary>
    public static long MultiplyAdds(Plan<float> plan) => plan.Instructions.Sum(instruction => instruction.MultiplyAdds);

    public Plan<float> Compile(Runtime runtime, VariableStore<float> store)
    {
        Random random = new(1);
        foreach (Variable parameter in Parameters)
        {
            double scale = parameter.Shape.Rank > 1 ? Math.Sqrt(2.0 / (parameter.Shape.ElementCount / parameter.Shape[0] + parameter.Shape[0])) : 0;
            foreach (ref float value in store[parameter]) value = (float)((random.NextDouble() * 2 - 1) * scale);
        }

        Plan<float> plan = Plan<float>.Compile(runtime, store, [Loss], Updates);
        foreach (ref float value in plan.Input(Input)) value = random.Next(4) == 0 ? random.NextSingle() : 0;
        plan.Input(Rate)[0] = 1e-3f;
        plan.Input(Correction)[0] = 1;
        return plan;
    }
}
