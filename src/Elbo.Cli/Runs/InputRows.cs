using Elbo.Data;
using Elbo.Storage;

namespace Elbo.Cli.Runs;

/// <summary>Rows that a person names to a fitted model: a file, a folder, one picture, or a part of a named set.</summary>
internal static class InputRows
{
    /// <summary>Loads them. Of a source with test rows these are taken, since the model was not fitted on them.</summary>
    public static DataSet Load(FittedRun run, string source, string? dataFolder)
    {
        if (source.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && File.Exists(source)) return OnePicture(source);
        DataOptions options = new() { DataFolder = dataFolder ?? run.Recipe.Made?.DataFolder };
        LoadedData data = DataSource.Load(source, options);
        DataSet rows = data.Test ?? data.Train;
        // The column of labels that the model was fitted without may be there or not.
        return run.Recipe.Data.Labels is { } column && rows.RowLength == run.Model.RowShape.ElementCount + 1
            ? DataSource.Load(source, options with { Csv = new CsvOptions { LabelColumn = column } }).Train
            : rows;
    }

    private static DataSet OnePicture(string path)
    {
        PixelImage image = Png.Load(path);
        int channels = image.Channels is 2 or 4 ? image.Channels - 1 : image.Channels;
        byte[] planes = new byte[channels * image.Height * image.Width];
        int pixels = image.Height * image.Width;
        for (int pixel = 0; pixel < pixels; pixel++)
            for (int channel = 0; channel < channels; channel++)
                planes[channel * pixels + pixel] = image.Samples[pixel * image.Channels + channel];
        return DataSet.FromBytes(Path.GetFileName(path), planes, [channels, image.Height, image.Width]);
    }
}
