namespace Elbo.Report;

/// <summary>Finds contradictions in the data before a page is written, where they can still be named.</summary>
internal static class ReportValidation
{
    public static void Check(ReportData data)
    {
        foreach (var section in data.Sections)
        {
            switch (section)
            {
                case CurvesSection curves: Check(curves); break;
                case ReconstructionsSection reconstructions: Check(reconstructions); break;
                case ImageGridSection grid: Check(grid, data.Decoder); break;
                case LatentScatterSection scatter: Check(scatter); break;
                case LatentPlaneSection plane: Check(plane, data.Decoder); break;
                case HeatmapSection heatmap: Check(heatmap); break;
                case ComponentEllipsesSection ellipses: Check(ellipses); break;
                case StateTimelineSection timeline: Check(timeline); break;
                case IntervalsSection intervals: Check(intervals); break;
                case DataTableSection table: Check(table); break;
            }
        }
    }

    private static void Check(CurvesSection section)
    {
        foreach (var panel in section.Panels)
            foreach (var curve in panel.Curves)
                Require(curve.X.Length == curve.Y.Length, section, $"the curve '{curve.Name}' of '{panel.Title}' has {curve.X.Length} abscissae and {curve.Y.Length} ordinates; give as many of each");
    }

    private static void Check(ReconstructionsSection section)
    {
        Require(section.Rows.Count > 0, section, "there are no rows of images; give at least one");
        var first = section.Rows[0].Images;
        foreach (var row in section.Rows)
        {
            Check(section, row.Images);
            var images = row.Images;
            Require((images.Count, images.Channels, images.Height, images.Width) == (first.Count, first.Channels, first.Height, first.Width), section,
                $"the row '{row.Name}' has images of shape {Shape(images)}, the first row {Shape(first)}; give all rows the same shape");
        }
        Require(section.Captions is null || section.Captions.Count == first.Count, section, $"there are {section.Captions?.Count} captions for {first.Count} columns");
        Require(section.Scores is null || section.Scores.Count == first.Count, section, $"there are {section.Scores?.Count} scores for {first.Count} columns");
    }

    private static void Check(ImageGridSection section, DecoderNetwork? decoder)
    {
        Check(section, section.Images);
        Require(section.Columns > 0, section, $"the grid has {section.Columns} columns; give at least one");
        if (section.DrawFrom is not { } prior) return;
        Require(prior.Mean.Count == prior.Scale.Count, section, $"the prior has {prior.Mean.Count} means and {prior.Scale.Count} scales; give as many of each");
        Require(decoder is null || decoder.LatentDimensions == prior.Mean.Count, section, $"the prior has {prior.Mean.Count} dimensions, the decoder {decoder?.LatentDimensions}");
    }

    private static void Check(HeatmapSection section)
    {
        Require(section.RowNames.Count > 0 && section.ColumnNames.Count > 0, section, "the matrix has no row or no column; give at least one of each");
        Require(section.Values.Length == section.RowNames.Count * section.ColumnNames.Count, section, $"there are {section.Values.Length} values for {section.RowNames.Count} rows and {section.ColumnNames.Count} columns");
    }

    private static void Check(ComponentEllipsesSection section)
    {
        int columns = section.ColumnNames.Count, components = section.ComponentNames.Count;
        Require(columns >= 2, section, $"a plane needs two columns, but {columns} are given");
        Require(section.Values.Length == section.Components.Length * columns, section, $"there are {section.Values.Length} values for {section.Components.Length} rows of {columns} columns");
        Require(section.Rows.Length == 0 || section.Rows.Length == section.Components.Length, section, $"there are {section.Rows.Length} row numbers for {section.Components.Length} rows");
        Require(section.Weights.Count == components, section, $"there are {section.Weights.Count} weights for {components} components");
        Require(section.Means.Length == components * columns, section, $"there are {section.Means.Length} values of means for {components} components of {columns} columns");
        Require(section.Covariances.Length == 0 || section.Covariances.Length == components * columns * columns, section, $"there are {section.Covariances.Length} values of covariances for {components} components of {columns} columns");
        foreach (var component in section.Components.Span)
            Require(component >= -1 && component < components, section, $"a row has component {component}, but there are {components}; give -1 or an index into them");
    }

    private static void Check(StateTimelineSection section)
    {
        Require(section.Sequences.Count > 0, section, "there is no sequence; give at least one");
        foreach (var sequence in section.Sequences)
        {
            int rows = sequence.Path.Length;
            Require(sequence.Values.Length == rows * section.ColumnNames.Count, section, $"'{sequence.Name}' has {sequence.Values.Length} values for {rows} rows of {section.ColumnNames.Count} columns");
            Require(sequence.Posteriors.Length == rows * section.StateNames.Count, section, $"'{sequence.Name}' has {sequence.Posteriors.Length} posteriors for {rows} rows and {section.StateNames.Count} states");
            foreach (var state in sequence.Path.Span)
                Require(state >= 0 && state < section.StateNames.Count, section, $"'{sequence.Name}' has state {state}, but there are {section.StateNames.Count}");
        }
    }

    private static void Check(IntervalsSection section)
    {
        foreach (var panel in section.Panels)
        {
            Require(panel.Intervals.Count > 0, section, $"the panel '{panel.Title}' has no value; give at least one");
            foreach (var interval in panel.Intervals)
                Require(interval.Class >= 0 && interval.Class < Math.Max(1, section.ClassNames.Count), section, $"'{interval.Name}' of '{panel.Title}' has class {interval.Class}, but there are {section.ClassNames.Count} class names; give an index into them");
        }
    }

    private static void Check(DataTableSection section)
    {
        Require(section.Columns.Count > 0, section, "the table has no column; give at least one");
        foreach (var row in section.Rows)
            Require(row.Cells.Count == section.Columns.Count, section, $"a row has {row.Cells.Count} cells, but there are {section.Columns.Count} columns; give one for each");
    }

    private static void Check(LatentScatterSection section)
    {
        var count = section.X.Length;
        Require(section.Y.Length == count, section, $"there are {count} horizontal and {section.Y.Length} vertical coordinates; give as many of each");
        Require(section.Labels.Length == 0 || section.Labels.Length == count, section, $"there are {section.Labels.Length} labels for {count} points");
        Require(section.Rows.Length == 0 || section.Rows.Length == count, section, $"there are {section.Rows.Length} row numbers for {count} points");
        foreach (var label in section.Labels.Span)
            Require(label >= -1 && label < section.LabelNames.Count, section, $"a label is {label}, but there are {section.LabelNames.Count} label names; give -1 or an index into them");
        if (section.Thumbnails is not { } thumbnails) return;
        Check(section, thumbnails);
        Require(thumbnails.Count == count, section, $"there are {thumbnails.Count} thumbnails for {count} points");
    }

    private static void Check(LatentPlaneSection section, DecoderNetwork? decoder)
    {
        Require(section.Dimensions.Count >= 2, section, $"a plane needs two dimensions, but {section.Dimensions.Count} are given");
        Require(section.GridSize > 0, section, $"the grid has {section.GridSize} images a side; give at least one");
        foreach (var dimension in section.Dimensions)
        {
            Require(dimension.Index >= 0 && dimension.Index < section.Origin.Count, section, $"dimension {dimension.Index} lies outside the latent vector of {section.Origin.Count}");
            Require(dimension.Scale > 0 && float.IsFinite(dimension.Scale) && float.IsFinite(dimension.Centre), section, $"{dimension.Name} has centre {dimension.Centre} and scale {dimension.Scale}; give finite numbers and a positive scale");
        }
        Require(decoder is not null || section.Grid is not null, section, "there is neither a decoder nor a decoded grid; give one of them");
        Require(decoder is null || decoder.LatentDimensions == section.Origin.Count, section, $"the origin has {section.Origin.Count} dimensions, the decoder {decoder?.LatentDimensions}");
        if (section.Grid is not { } grid) return;
        Check(section, grid);
        Require(grid.Count == section.GridSize * section.GridSize, section, $"the grid has {grid.Count} images, but {section.GridSize}² are expected");
    }

    private static void Check(ReportSection section, ImageSet images)
    {
        Require(images.Channels is 1 or 3, section, $"images have {images.Channels} channels; give 1 (grey) or 3 (colour)");
        Require(images is { Count: > 0, Height: > 0, Width: > 0 }, section, $"images have the shape {Shape(images)}; every side must be at least 1");
        Require((long)images.Count * images.Channels * images.Height * images.Width == images.Pixels.Length, section, $"images of shape {Shape(images)} come with {images.Pixels.Length} bytes; give one byte per value");
    }

    private static string Shape(ImageSet images) => $"[{images.Count}, {images.Channels}, {images.Height}, {images.Width}]";

    private static void Require(bool condition, ReportSection section, string problem)
    {
        if (!condition) throw new ArgumentException($"The section '{section.Title}' cannot be shown: {problem}.");
    }
}
