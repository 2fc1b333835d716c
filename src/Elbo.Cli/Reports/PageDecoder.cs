using Elbo.Cli.Runs;
using Elbo.Numerics;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>A fitted decoder as the report's page runs it.</summary>
internal static class PageDecoder
{
    /// <summary>A page with more weights takes too long to load; two bytes each.</summary>
    private const long MostWeights = 8_000_000;

    /// <summary>The decoder, or null where it is too large or does something that the page cannot.</summary>
    public static DecoderNetwork? Of(FittedRun run, PixelScale pixels)
    {
        // The encoder is not in the page; of a model with mirrored networks it is half of the parameters.
        if (run.Model.Parameters.Sum(static parameter => (long)parameter.Shape.ElementCount) > 2 * MostWeights) return null;
        try
        {
            return DecoderNetwork.Trace(run.Model.Decode, run.Model.LatentSize, pixels.Channels, pixels.Height, pixels.Width, run.Store)
                with
            { PixelScale = pixels.Factor, PixelShift = pixels.Offset };
        }
        catch (ElboException)
        {
            // The report shows decoded pictures instead.
            return null;
        }
    }
}
