#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// The classic picture of the two Kullback-Leibler divergences (Bishop 2006, figures 10.2 and 10.3): a density with two modes, fitted by one normal.
// Run it:  dotnet run samples/kl.cs [kl.png]      left: KL(p ‖ q) covers both modes; right: KL(q ‖ p) from two starts chooses one.

using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

const int Size = 240, Gap = 12;
const double Reach = 4.5;
string path = args.Length > 0 ? args[0] : "kl.png";

// Two correlated normals of equal weight.
MultivariateNormal[] modes = [Mode(-1.9, -1.9, -0.5), Mode(1.9, 1.9, -0.5)];
Tensor Target(Tensor z) => Tensor.Concatenate(-1, [.. modes.Select(mode => { Tensor log = mode.LogDensity(z); return log.Reshape([.. log.Shape, 1]); })]).LogSumExp(-1) - Math.Log(2);

BlackBoxOptions quick = new() { Steps = 1500 };
BlackBoxResult forward = DensityFit.Forward(Target, 2, new FullRankGuide(Scale: 3), quick);
BlackBoxResult low = DensityFit.Reverse(Target, 2, new FullRankGuide(Start: [-1, -1]), quick);
BlackBoxResult high = DensityFit.Reverse(Target, 2, new FullRankGuide(Start: [1, 1]), quick);

int width = 3 * Size + 2 * Gap;
byte[] image = new byte[width * Size * 3];
Array.Fill(image, (byte)255);
(string Name, BlackBoxResult Fit)[] panels = [("KL(p ‖ q)", forward), ("KL(q ‖ p), from below", low), ("KL(q ‖ p), from above", high)];
double[] p = Grid(Target);
for (int panel = 0; panel < panels.Length; panel++)
{
    double[] q = Grid(panels[panel].Fit.Posterior.LogDensity);
    double top = q.Max();
    for (int i = 0; i < q.Length; i++)
    {
        // p in blue; q's contours at one and two standard deviations in red, as wide everywhere.
        int x = i % Size, y = i / Size;
        double shade = Math.Exp(p[i] - p.Max());
        double across = q[y * Size + Math.Min(x + 1, Size - 1)] - q[y * Size + Math.Max(x - 1, 0)], down = q[Math.Min(y + 1, Size - 1) * Size + x] - q[Math.Max(y - 1, 0) * Size + x];
        double slope = Math.Max(Math.Sqrt(across * across + down * down) / 2, 1e-9);
        double line = Enumerable.Range(1, 2).Max(k => Math.Clamp(1.6 - Math.Abs(top - q[i] - 0.5 * k * k) / slope, 0, 1));
        bool edge = x is 0 or Size - 1 || y is 0 or Size - 1;
        int at = 3 * (y * width + panel * (Size + Gap) + x);
        (double red, double green, double blue) = edge ? (200, 200, 200) : (255 * (1 - shade) + 25 * shade, 255 * (1 - shade) + 110 * shade, 255 * (1 - shade) + 220 * shade);
        image[at] = (byte)(red + line * (210 - red));
        image[at + 1] = (byte)(green + line * (40 - green));
        image[at + 2] = (byte)(blue + line * (40 - blue));
    }

    double[] mean = Value(panels[panel].Fit.Posterior.Mean);
    Console.WriteLine($"{panels[panel].Name}: mean ({mean[0]:F2}, {mean[1]:F2}), -KL(q ‖ p) {panels[panel].Fit.Elbo:F3} nats");
}

Png.Save(path, new PixelImage(width, Size, 3, image));
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
