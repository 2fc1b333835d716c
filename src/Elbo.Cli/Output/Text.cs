using System.Globalization;

namespace Elbo.Cli.Output;

/// <summary>Numbers and names as people read them, the same in every country.</summary>
internal static class Text
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Nats(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Percent(double fraction) => fraction.ToString("0%", CultureInfo.InvariantCulture);

    /// <summary>Extents as in <c>28×28</c> (one channel) or <c>3×32×32</c>.</summary>
    public static string Extents(IReadOnlyList<int> shape) => string.Join("×", shape is [1, _, _] ? shape.Skip(1) : shape);

    public static string Bytes(long bytes)
    {
        double value = bytes;
        foreach (string unit in (ReadOnlySpan<string>)["B", "KiB", "MiB", "GiB"])
        {
            if (value < 1024) return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {unit}");
            value /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} TiB");
    }

    /// <summary>A time as in <c>8.3 s</c>, <c>4 min 10 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Time(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(10)) return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
        long seconds = (long)Math.Round(time.TotalSeconds);
        if (seconds < 60) return string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min {seconds % 60} s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h {seconds % 3600 / 60} min");
    }
}
