namespace Elbo.Report.Tests;

/// <summary>Matrices, components and states over time as the page draws them.</summary>
public sealed class MatrixSectionsTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Draws_each_and_answers_to_presses()
    {
        var heatmap = new HeatmapSection { Title = "Transition matrix", RowNames = ["rain", "sun"], ColumnNames = ["rain", "sun"], ValueLabel = "probability", Values = new double[] { 0.7, 0.3, -0.25, 0.6 } };
        await using var opened = await browser.Open(path => ReportWriter.Write(Report(heatmap, Ellipses(), Timeline()), path));
        Assert.Equal(4, await opened.Page.Locator("[data-kind=heatmap] g[aria-label=cell] rect").CountAsync());
        Assert.Equal(["0.70", "0.30", "\u22120.25", "0.60"], await opened.Page.Locator("[data-kind=heatmap] g[aria-label=text] text").AllTextContentsAsync());
        Assert.Equal("var(--warm)", await opened.Page.Locator("[data-kind=heatmap] g[aria-label=cell] rect").Nth(2).GetAttributeAsync("fill"));

        var dots = opened.Page.Locator("[data-kind=component-ellipses] g[aria-label=dot]").First.Locator("circle");
        // One row of three misses a value of the columns shown.
        Assert.Equal(2, await dots.CountAsync());
        Assert.Equal(4, await opened.Page.Locator("[data-kind=component-ellipses] g[aria-label=line] path").CountAsync());
        await opened.Page.Locator("[data-kind=component-ellipses] .chip").First.ClickAsync();
        Assert.Equal(1, await dots.CountAsync());
        await opened.Page.Locator("[data-kind=component-ellipses] select").Nth(1).SelectOptionAsync("2");
        Assert.Equal("c", await opened.Page.Locator("[data-kind=component-ellipses] select").Nth(1).Locator("option:checked").TextContentAsync());

        Assert.Equal(3, await opened.Page.Locator("[data-kind=state-timeline] g[aria-label=dot] circle").CountAsync());
        Assert.Equal(2, await opened.Page.Locator("[data-kind=state-timeline] g[aria-label=rect] rect").CountAsync());
        await opened.Page.Locator("[data-kind=state-timeline] select").SelectOptionAsync("1");
        await opened.Page.WaitForFunctionAsync("document.querySelectorAll('[data-kind=state-timeline] g[aria-label=dot] circle').length === 2");
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Components_make_the_first_picture_the_heaviest_has_the_first_colour_and_empty_ones_are_counted()
    {
        var section = Ellipses() with { ComponentNames = ["light", "heavy", "empty"], Weights = [0.4, 0.6, 0], Means = new float[9], Covariances = new float[27] };
        var report = Report(section);
        var exact = new BoundSummary { Split = "training", Rows = 3, Elbo = -2.5, LogLikelihood = -2.5 };
        await using var opened = await browser.Open(path => ReportWriter.Write(report with { Header = report.Header with { Bound = exact } }, path));
        Assert.Equal(2, await opened.Page.Locator(".hero-picture g[aria-label=dot]").First.Locator("circle").CountAsync());
        Assert.Equal(["heavy", "light"], await opened.Page.Locator(".chip-name").AllTextContentsAsync());
        Assert.Contains("var(--category-0)", await opened.Page.Locator(".chip .dot").First.GetAttributeAsync("style"), StringComparison.Ordinal);
        Assert.Contains("1 empty component is not listed", await opened.Page.Locator(".legend-box .hint").TextContentAsync(), StringComparison.Ordinal);
        // With an exact posterior there is nothing to draw between the bound and log p(x).
        Assert.Contains("The posterior is exact", await opened.Page.Locator(".identity").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await opened.Page.Locator(".identity table").CountAsync());
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Draws_values_with_intervals_and_tables_of_columns()
    {
        var intervals = new IntervalsSection
        {
            Title = "Variance",
            ClassNames = ["unbiased", "biased"],
            Panels =
            [
                new IntervalPanel
                {
                    Title = "x²", XLabel = "variance", Logarithmic = true,
                    Intervals =
                    [
                        new Interval { Name = "exact", Value = 0, Low = 0, High = 0 },
                        new Interval { Name = "good", Value = 1, Low = 0.5, High = 2 },
                        new Interval { Name = "bad", Value = 100, Low = 90, High = 110, Class = 1 },
                    ],
                },
                new IntervalPanel { Title = "Bias", XLabel = "bias", Reference = 0, Intervals = [new Interval { Name = "bad", Value = -0.5, Low = -0.6, High = -0.4, Class = 1 }] },
            ],
        };
        var table = new DataTableSection
        {
            Title = "Numbers",
            Columns = [new DataColumn("name"), new DataColumn("value", true)],
            Rows = [new DataRow(["a", "1"]) { Group = "first" }, new DataRow(["b", "2"]) { Group = "first" }, new DataRow(["c", "3"]) { Group = "second", Emphasized = true }],
        };
        await using var opened = await browser.Open(path => ReportWriter.Write(Report(intervals, table), path));
        var dots = opened.Page.Locator("[data-panel='x²'] g[aria-label=dot] circle");
        Assert.Equal(3, await dots.CountAsync());
        double[] x = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(async i => double.Parse((await dots.Nth(i).GetAttributeAsync("cx"))!, System.Globalization.CultureInfo.InvariantCulture)))];
        // A decade for nothing at all, then 0.1 to 1,000: 1 and 100 are two decades of five apart.
        Assert.True(x[0] < x[1] && x[1] < x[2], string.Join(", ", x));
        Assert.Equal(["0, exact"], await opened.Page.Locator("[data-panel='x²'] g[aria-label=text] text").AllTextContentsAsync());
        Assert.Equal(["var(--accent)", "var(--accent)", "var(--warm)"], await Task.WhenAll(Enumerable.Range(0, 3).Select(async i => (await dots.Nth(i).GetAttributeAsync("stroke"))!)));
        Assert.Equal(["first", "second"], await opened.Page.Locator("[data-kind=data-table] tr.group").AllTextContentsAsync());
        Assert.Equal("c3", await opened.Page.Locator("[data-kind=data-table] tr.emphasized").TextContentAsync());
        Assert.Empty(opened.Complaints);
        Refused("class 2, but there are 2", intervals with { Panels = [intervals.Panels[1] with { Intervals = [new Interval { Name = "bad", Value = 0, Low = 0, High = 0, Class = 2 }] }] });
        Refused("a row has 1 cells, but there are 2 columns", table with { Rows = [new DataRow(["a"])] });
    }

    [Fact]
    public async Task A_curve_set_beside_another_has_its_colour_and_the_axis_may_begin_logarithmic()
    {
        double[] x = [1, 10, 100];
        var curves = new CurvesSection
        {
            Title = "Curves",
            XLabel = "samples",
            Logarithmic = true,
            Panels = [new CurvePanel { Title = "log p(x)", Curves = [new Curve { Name = "a", X = x, Y = x }, new Curve { Name = "b", X = x, Y = x }, new Curve { Name = "a, published", Beside = "a", X = x, Y = x }] }],
        };
        await using var opened = await browser.Open(path => ReportWriter.Write(Report(curves), path));
        Assert.True(await opened.Page.Locator("[data-kind=curves] .option input").First.IsCheckedAsync());
        var samples = opened.Page.Locator("[data-kind=curves] .chip line");
        Assert.Equal(await samples.Nth(0).GetAttributeAsync("stroke"), await samples.Nth(2).GetAttributeAsync("stroke"));
        Assert.NotEqual(await samples.Nth(0).GetAttributeAsync("stroke"), await samples.Nth(1).GetAttributeAsync("stroke"));
        Assert.Null(await samples.Nth(1).GetAttributeAsync("stroke-dasharray"));
        Assert.NotNull(await samples.Nth(2).GetAttributeAsync("stroke-dasharray"));
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public void Contradictions_are_named()
    {
        Refused("3 values for 1 rows and 2 columns", new HeatmapSection { Title = "m", RowNames = ["a"], ColumnNames = ["b", "c"], ValueLabel = "v", Values = new double[3] });
        Refused("a row has component 2, but there are 2", Ellipses() with { Components = new[] { 0, 1, 2 } });
        Refused("1 weights for 2 components", Ellipses() with { Weights = [1] });
        var sequence = Timeline().Sequences[0];
        Refused("has state 5", Timeline() with { Sequences = [sequence with { Path = new[] { 0, 0, 5 } }] });
        Refused("posteriors for 3 rows and 2 states", Timeline() with { Sequences = [sequence with { Posteriors = new float[5] }] });
    }

    private static void Refused(string words, ReportSection section) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => ReportWriter.Write(Report(section), new MemoryStream())).Message, StringComparison.Ordinal);

    private static ComponentEllipsesSection Ellipses() => new()
    {
        Title = "Components",
        ColumnNames = ["a", "b", "c"],
        Values = new[] { 0f, 0, 1, 4, 5, 2, float.NaN, 1, 3 },
        Components = new[] { 0, 1, 1 },
        ComponentNames = ["component0", "component1"],
        Weights = [0.4, 0.6],
        Means = new[] { 0f, 0, 1, 4, 5, 2 },
        Covariances = new[] { 1f, 0.5f, 0, 0.5f, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1 },
    };

    private static StateTimelineSection Timeline() => new()
    {
        Title = "States over time",
        StateNames = ["wet", "dry"],
        ColumnNames = ["level"],
        Sequences =
        [
            new StateSequence { Name = "first", Values = new[] { 1f, 2, 9 }, Path = new[] { 0, 0, 1 }, Posteriors = new[] { 1f, 0, 0.8f, 0.2f, 0, 1 } },
            new StateSequence { Name = "second", Values = new[] { 4f, 5 }, Path = new[] { 1, 1 }, Posteriors = new[] { 0f, 1, 0, 1 } },
        ],
    };

    private static ReportData Report(params ReportSection[] sections) => new()
    {
        Header = new ReportHeader { RunName = "run", Title = "A model", Summary = "A model of rows.", DataSet = "rows", Created = DateTimeOffset.UnixEpoch },
        Sections = sections,
    };
}
