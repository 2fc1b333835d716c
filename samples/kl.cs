#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// The classic picture of the two Kullback-Leibler divergences (Bishop 2006, figures 10.2 and 10.3): a density with two modes, fitted by one normal.
// Run it:  dotnet run samples/kl.cs [kl.png]      left: KL(p ‖ q) covers both modes; right: KL(q ‖ p) from two starts chooses one.

using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

const int Size = 240;
const double Reach = 4.5;
string path = args.Length > 0 ? args[0] : "kl.png";

// Two correlated normals of equal weight.
MultivariateNormal[] modes = [Mode(-1.9, -1.9, -0.5), Mode(1.9, 1.9, -0.5)];
Tensor Target(Tensor z) => Tensor.Concatenate(-1, [.. modes.Select(mode => { Tensor log = mode.LogDensity(z); return log.Reshape([.. log.Shape, 1]); })]).LogSumExp(-1) - Math.Log(2);

BlackBoxOptions quick = new() { Steps = 1500 };
BlackBoxResult forward = DensityFit.Forward(Target, 2, new FullRankGuide(Scale: 3), quick);
BlackBoxResult low = DensityFit.Reverse(Target, 2, new FullRankGuide(Start: [-1, -1]), quick);
BlackBoxResult high = DensityFit.Reverse(Target, 2, new FullRankGuide(Start: [1, 1]), quick);

byte[] image = new byte[Size * 3 * Size * 3];
(string Name, BlackBoxResult Fit)[] panels = [("KL(p ‖ q)", forward), ("KL(q ‖ p), from below", low), ("KL(q ‖ p), from above", high)];
double[] p = Grid(Target);
for (int panel = 0; panel < panels.Length; panel++)
{
    double[] q = Grid(panels[panel].Fit.Posterior.LogDensity);
    double top = q.Max();
    for (int i = 0; i < q.Length; i++)
    {
        // p in blue; q's contours at ½, 1, 1½ … nats below its top in red.
        double shade = Math.Exp(p[i] - p.Max());
        bool contour = Enumerable.Range(1, 4).Any(k => Math.Abs(top - q[i] - 0.5 * k * k) < 0.06 * k);
        int at = 3 * (i / Size * Size * 3 + panel * Size + i % Size);
        image[at] = contour ? (byte)220 : (byte)(255 * (1 - shade));
        image[at + 1] = contour ? (byte)40 : (byte)(255 * (1 - 0.6 * shade));
        image[at + 2] = contour ? (byte)40 : (byte)255;
    }

    double[] mean = Value(panels[panel].Fit.Posterior.Mean);
    Console.WriteLine($"{panels[panel].Name}: mean ({mean[0]:F2}, {mean[1]:F2}), -KL(q ‖ p) {panels[panel].Fit.Elbo:F3} nats");
}

Png.Save(path, new PixelImage(Size * 3, Size, 3, image));
Console.WriteLine($"wrote {path}");

static MultivariateNormal Mode(double x, double y, double correlation) =>
    new(Tensor.Constant([2], [x, y]), Tensor.Constant([2, 2], [0.9, 0, 0.9 * correlation, 0.9 * Math.Sqrt(1 - correlation * correlation)]));

// A log density on the grid of pixels.
static double[] Grid(Func<Tensor, Tensor> logDensity)
{
    double[] points = [.. Enumerable.Range(0, Size * Size).SelectMany(i => new[] { Reach * (2.0 * (i % Size) / Size - 1), Reach * (1 - 2.0 * (i / Size) / Size) })];
    return Value(logDensity(Tensor.Constant([Size * Size, 2], points)));
}

static double[] Value(Tensor tensor)
{
    using Runtime runtime = new();
    using VariableStore<double> store = new();
    using Plan<double> plan = Plan<double>.Compile(runtime, store, [tensor]);
    plan.Run();
    return plan.Output(0).ToArray();
}
