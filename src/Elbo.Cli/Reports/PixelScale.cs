using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>How values of the data become the greys of a picture: <c>value · Factor + Offset</c>, 0 black to 1 white.</summary>
internal sealed record PixelScale(int Channels, int Height, int Width, float Factor, float Offset)
{
    /// <summary>The scale of a run's pictures; null where its rows are no pictures.</summary>
    public static PixelScale? Of(FittedRun run)
    {
        if (run.Model.RowShape.Rank != 3 || run.Model.RowShape[0] is not (1 or 3)) return null;
        DataSet rows = run.Splits.Train;
        (double low, double high) = rows.IsBytes || (rows.Range.Minimum >= 0 && rows.Range.Maximum <= 1) ? (0, 1) : (rows.Range.Minimum, rows.Range.Maximum);
        low += run.Recipe.Data.Shift;
        high += run.Recipe.Data.Shift;
        double factor = high > low ? 1 / (high - low) : 1;
        return new PixelScale(run.Model.RowShape[0], run.Model.RowShape[1], run.Model.RowShape[2], (float)factor, (float)(-low * factor));
    }

    public ImageSet Images(ReadOnlySpan<float> values)
    {
        float[] greys = new float[values.Length];
        for (int i = 0; i < greys.Length; i++) greys[i] = values[i] * Factor + Offset;
        return ImageSet.FromUnitInterval(values.Length / (Channels * Height * Width), Channels, Height, Width, greys);
    }
}
