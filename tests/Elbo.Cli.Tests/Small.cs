namespace Elbo.Cli.Tests;

/// <summary>Runs small enough for tests.</summary>
internal static class Small
{
    /// <summary>Arguments of a run on a few drawn digits: a second or less.</summary>
    public static string[] Fit(string runs, params string[] more) =>
    [
        "fit", "digits", "--latent", "2", "--hidden", "16", "--epochs", "2", "--batch-size", "20", "--threads", "1", "--quiet", "--out", runs,
        "--validation", "40", "--set", "data.generatedTrainRows=240", "--set", "data.generatedTestRows=60", .. more,
    ];
}
