using System.Text.Json;
using Elbo.Cli.Output;
using Elbo.Numerics;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>The marginal likelihood of a decoder while it learns.</summary>
/// <param name="Rows">The training rows.</param>
/// <param name="Method">The method's name: one of <see cref="Methods"/>.</param>
/// <param name="Rate">The learning rate that was chosen.</param>
/// <param name="Points">The estimates, by samples.</param>
/// <param name="Seconds">The time of training, without choosing the rate and measuring.</param>
internal sealed record LearningCurve(int Rows, string Method, double Rate, IReadOnlyList<CurvePoint> Points, double Seconds)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("rows", Rows);
        writer.WriteString("method", Method);
        writer.WriteNumber("rate", Rate);
        writer.WriteFinite("seconds", Seconds);
        writer.WriteNumbers("samples", Points.Select(static point => (double)point.Samples));
        writer.WriteNumbers("train", Points.Select(static point => point.Train));
        writer.WriteNumbers("trainError", Points.Select(static point => point.TrainError));
        writer.WriteNumbers("test", Points.Select(static point => point.Test));
        writer.WriteNumbers("testError", Points.Select(static point => point.TestError));
        writer.WriteNumbers("testReciprocal", Points.Select(static point => point.TestReciprocal));
        writer.WriteEndObject();
    }

    /// <summary>Reads a curve that a stopped run kept.</summary>
    /// <exception cref="ElboException">The text is no curve.</exception>
    public static LearningCurve Read(string text, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement curve = document.RootElement.GetProperty("curve");
            double[] Numbers(string name) => [.. curve.GetProperty(name).EnumerateArray().Select(static value => value.GetDouble())];
            double[] samples = Numbers("samples"), train = Numbers("train"), trainError = Numbers("trainError"), test = Numbers("test"), testError = Numbers("testError"), reciprocal = Numbers("testReciprocal");
            return new LearningCurve(
                curve.GetProperty("rows").GetInt32(), curve.GetProperty("method").GetString()!, curve.GetProperty("rate").GetDouble(),
                [.. samples.Select((value, i) => new CurvePoint((long)value, train[i], trainError[i], test[i], testError[i], reciprocal[i]))],
                curve.GetProperty("seconds").GetDouble());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ElboException($"'{path}' is damaged: {exception.Message.TrimEnd('.')}; remove it, and the curve is learned anew.", exception);
        }
    }
}

/// <summary>Mean ln p(x) in nats per row, with standard errors over the rows.</summary>
/// <param name="Samples">The training samples evaluated so far.</param>
/// <param name="Train">Of training rows.</param>
/// <param name="TrainError">Its standard error.</param>
/// <param name="Test">Of test rows.</param>
/// <param name="TestError">Its standard error.</param>
/// <param name="TestReciprocal">Of test rows by the paper's own estimator.</param>
internal sealed record CurvePoint(long Samples, double Train, double TrainError, double Test, double TestError, double TestReciprocal);

/// <summary>The methods compared.</summary>
internal static class Methods
{
    public const string Aevb = "aevb", WakeSleep = "wake-sleep", MonteCarloEm = "mcem";

    public static IReadOnlyList<string> All { get; } = [Aevb, WakeSleep, MonteCarloEm];

    public static string Title(string method) => method switch { Aevb => "AEVB", WakeSleep => "wake-sleep", _ => "Monte Carlo EM" };
}
