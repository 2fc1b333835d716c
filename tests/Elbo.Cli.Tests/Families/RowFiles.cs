using System.Globalization;

namespace Elbo.Cli.Tests.Families;

/// <summary>Small tables for row models, the same each time.</summary>
internal static class RowFiles
{
    private static readonly string[] Kinds = ["ash", "birch", "cedar"];

    /// <summary>Three groups of rows in three columns, with a column of numbers and one of text beside them; some values may be missing.</summary>
    public static string Groups(string path, int rows = 150, double missing = 0)
    {
        Random random = new(5);
        double[][] means = [[0, 0, 1], [4, 1, -1], [1, 5, 0]];
        List<string> lines = ["id,height,width,depth,kind"];
        for (int i = 0; i < rows; i++)
        {
            int group = i % 3;
            string[] fields = [.. means[group].Select(mean => random.NextDouble() < missing ? (random.NextDouble() < 0.5 ? "" : "NA") : Written(mean + Normal(random)))];
            lines.Add($"{i},{string.Join(',', fields)},{Kinds[group]}");
        }

        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>The options that fit such a table.</summary>
    public static string[] Fit(string family, string data, string runs, string name, params string[] more) =>
        ["fit", family, data, "--columns", "height,width,depth", "--labels", "kind", "--out", runs, "--name", name, "--threads", "1", "--quiet", .. more];

    public static string Written(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
