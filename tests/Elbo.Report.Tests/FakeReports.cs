using System.Globalization;

namespace Elbo.Report.Tests;

/// <summary>Made-up runs, realistic enough to look at.</summary>
internal static class FakeReports
{
    public static ReportData Minimal() => new()
    {
        Header = new ReportHeader
        {
            RunName = "minimal",
            Title = "Variational autoencoder",
            Summary = "A variational autoencoder with 2 latent dimensions fitted to nothing at all.",
            DataSet = "nothing",
            Created = new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero),
            Bound = new BoundSummary { Split = "test", Rows = 10_000, Elbo = -140.25, Reconstruction = -133.25, Kl = 7 },
        },
    };

    public static ReportData Digits(int points, string runName = "first", double shift = 0)
    {
        var random = new Random(11);
        var decoder = FakeDecoder.Network;
        return new ReportData
        {
            Header = new ReportHeader
            {
                RunName = runName,
                Title = "Variational autoencoder",
                Summary = "A variational autoencoder with 2 latent dimensions, fitted to 60,000 handwritten digits in 50 epochs.",
                DataSet = "digits · 60,000 training rows of 28×28",
                Created = new DateTimeOffset(2025, 3, 1, 12, 34, 56, TimeSpan.Zero),
                Elapsed = TimeSpan.FromSeconds(74.3),
                StopReason = "All 50 epochs were run; the validation bound was still rising by 0.02 nats per epoch.",
                Bound = new BoundSummary
                {
                    Split = "test",
                    Rows = 10_000,
                    Elbo = -139.84 + shift,
                    Reconstruction = -133.02 + shift,
                    Kl = 6.82,
                    LogLikelihood = -137.46 + shift,
                    StandardError = 0.21,
                    ImportanceSamples = 5000,
                },
                Numbers =
                [
                    new HeadlineNumber { Label = "active units", Value = 2, Unit = "of 2", Decimals = 0, HigherIsBetter = true, Explanation = "Latent dimensions whose posterior mean moves with the data: Var(E_q[z]) > 0.01." },
                    new HeadlineNumber { Label = "speed", Value = 41250, Unit = "rows per second", Decimals = 0, Explanation = "Training rows seen per second of fitting." },
                ],
                Version = "0.1.0",
            },
            Decoder = decoder,
            Sections =
            [
                FakeSections.Scatter(points, random),
                FakeSections.Plane(2),
                FakeSections.Reconstructions(16, random),
                FakeSections.Samples(decoder, random),
                FakeSections.Curves(50, shift),
                new BarsSection
                {
                    Title = "KL per latent dimension", ValueLabel = "KL", Unit = "nats per datum",
                    Bars = [new Bar { Name = "z0", Value = 3.31 }, new Bar { Name = "z1", Value = 3.51 }],
                    Remark = "2 of 2 units are active: the variance of their posterior mean over the data is above 0.01.",
                },
                FakeSections.Tables(shift),
                new ReproductionSection { Title = "Make it again", Command = "elbo fit digits --recipe vae --latent 2 --epochs 50 --seed 1", Recipe = "{\n  \"model\": \"vae\",\n  \"latent\": 2,\n  \"seed\": 1\n}" },
            ],
        };
    }
}

internal static class FakeSections
{
    public static LatentPlaneSection Plane(int dimensions) => new()
    {
        Title = "Latent plane",
        Note = "Each picture is what the decoder makes of that place. Move over the plane: the picture on the right is decoded where the pointer is.",
        Origin = new float[dimensions],
        GridSize = 18,
        Dimensions = [.. Enumerable.Range(0, Math.Min(dimensions, 12)).Select(i => new LatentDimension { Index = i, Name = $"z{i}" })],
    };

    public static LatentScatterSection Scatter(int count, Random random)
    {
        var (x, y, labels, rows) = (new float[count], new float[count], new int[count], new int[count]);
        var pixels = new byte[count * FakeDigits.Side * FakeDigits.Side];
        for (var i = 0; i < count; i++)
        {
            var digit = random.Next(10);
            var (dx, dy) = (0.22 * FakeDecoder.Normal(random), 0.22 * FakeDecoder.Normal(random));
            (x[i], y[i]) = ((float)(FakeDecoder.Places[digit].X + dx), (float)(FakeDecoder.Places[digit].Y + dy));
            (labels[i], rows[i]) = (digit, 3 * i);
            var ink = FakeDigits.Draw(digit, 0.18 + 0.25 * dx, 1 + 0.3 * dy, 1.2 + 0.4 * random.NextDouble());
            ImageSet.FromUnitInterval(1, 1, FakeDigits.Side, FakeDigits.Side, ink).Pixels.CopyTo(pixels.AsMemory(i * ink.Length));
        }
        return new LatentScatterSection
        {
            Title = "Latent space",
            Note = "The posterior mean of each test row. Point at one to see the row.",
            XName = "z0",
            YName = "z1",
            X = x,
            Y = y,
            Labels = labels,
            Rows = rows,
            RowName = "test row",
            LabelNames = [.. Enumerable.Range(0, 10).Select(k => k.ToString(CultureInfo.InvariantCulture))],
            Thumbnails = new ImageSet { Count = count, Channels = 1, Height = FakeDigits.Side, Width = FakeDigits.Side, Pixels = pixels },
        };
    }

    public static ReconstructionsSection Reconstructions(int count, Random random)
    {
        var originals = new List<float>();
        var reconstructions = new List<float>();
        for (var i = 0; i < count; i++)
        {
            var k = i % 10;
            var (dx, dy) = (0.2 * FakeDecoder.Normal(random), 0.2 * FakeDecoder.Normal(random));
            originals.AddRange(FakeDigits.Draw(k, 0.18 + 0.25 * dx, 1 + 0.3 * dy, 1.5));
            reconstructions.AddRange(FakeDecoder.Target(FakeDecoder.Places[k].X + dx, FakeDecoder.Places[k].Y + dy));
        }
        return new ReconstructionsSection
        {
            Title = "Reconstructions",
            Note = "Test rows and the mean of p(x|z) at their posterior mean.",
            Rows = [new ImageRow { Name = "original", Images = Images(originals) }, new ImageRow { Name = "reconstruction", Images = Images(reconstructions) }],
            Captions = [.. Enumerable.Range(0, count).Select(i => (i % 10).ToString(CultureInfo.InvariantCulture))],
            Scores = [.. Enumerable.Range(0, count).Select(_ => -139 + 20 * FakeDecoder.Normal(random))],
            ScoreLabel = "ELBO",
        };

        ImageSet Images(List<float> values) => ImageSet.FromUnitInterval(count, 1, FakeDigits.Side, FakeDigits.Side, values.ToArray());
    }

    public static ImageGridSection Samples(DecoderNetwork decoder, Random random)
    {
        var values = Enumerable.Range(0, 64).SelectMany(_ => FakeDecoder.Target(FakeDecoder.Normal(random), FakeDecoder.Normal(random))).ToArray();
        return new ImageGridSection
        {
            Title = "Samples",
            Note = "64 pictures from the prior: z ~ N(0, I), shown as the mean of p(x|z).",
            Images = ImageSet.FromUnitInterval(64, 1, FakeDigits.Side, FakeDigits.Side, values),
            DrawFrom = GaussianPrior.Standard(decoder.LatentDimensions),
        };
    }

    public static CurvesSection Curves(int epochs, double shift)
    {
        var random = new Random(3);
        var x = Enumerable.Range(1, epochs).Select(i => (double)i).ToArray();
        return new CurvesSection
        {
            Title = "Training",
            Note = "Means per row in nats; higher is better.",
            Marks = [new CurveMark { X = epochs - 2, Label = "best" }],
            Panels =
            [
                Panel("ELBO", "nats per datum", "The evidence lower bound.", t => -139.5 + shift - 66 / Math.Pow(t, 0.9), 0.35),
                Panel("Reconstruction", "nats per datum", "How well the data are explained given z.", t => -132.8 + shift - 72 / Math.Pow(t, 0.9), 0.35),
                Panel("KL", "nats per datum", "How far the posterior moves from the prior.", t => 6.8 - 3.4 / t, 0),
                new CurvePanel { Title = "Learning rate", Curves = [new Curve { Name = "train", X = x, Y = Array.ConvertAll(x, t => 1e-3 * Math.Pow(0.5, Math.Floor(t / 20))) }] },
                new CurvePanel { Title = "Time per epoch", Unit = "s", Curves = [new Curve { Name = "train", X = x, Y = Array.ConvertAll(x, _ => 1.45 + 0.03 * FakeDecoder.Normal(random)) }] },
            ],
        };

        CurvePanel Panel(string title, string unit, string explanation, Func<double, double> value, double gap) => new()
        {
            Title = title,
            Unit = unit,
            Explanation = explanation,
            Curves =
            [
                new Curve { Name = "train", X = x, Y = Array.ConvertAll(x, t => value(t) + 0.04 * FakeDecoder.Normal(random)) },
                new Curve { Name = "validation", X = x, Y = Array.ConvertAll(x, t => value(t) - gap - gap * t / 30 + 0.08 * FakeDecoder.Normal(random)) },
            ],
        };
    }

    public static TableSection Tables(double shift) => new()
    {
        Title = "Configuration and machine",
        Groups =
        [
            new TableGroup { Title = "Model", Entries = [new("posterior", "diagonal normal"), new("prior", "standard normal"), new("likelihood", "Bernoulli"), new("latent dimensions", "2"), new("encoder", "784 → 500 → 2×2, tanh"), new("decoder", "2 → 320 → 784, tanh"), new("parameters", "646,788")] },
            new TableGroup { Title = "Training", Entries = [new("optimizer", "Adam, β₁ 0.9, β₂ 0.999"), new("learning rate", shift == 0 ? "0.001" : "0.003"), new("batch", "100"), new("epochs", "50"), new("seed", "1")] },
            new TableGroup { Title = "Machine", Entries = [new("processor", "AMD EPYC 9R14, 2 cores, 512-bit vectors"), new("threads", "2"), new(".NET", "10.0.1"), new("Elbo", "0.1.0")] },
        ],
    };
}
