using Microsoft.Playwright;

namespace Elbo.Report.Tests;

/// <summary>The page in a browser: it draws every section, answers the pointer and the keyboard, and asks nothing of any network.</summary>
public sealed class ReportPageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly ReportData Digits = FakeReports.Digits(points: 300);

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Every_section_is_drawn_without_complaint_and_without_the_network(int width)
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path), width: width);
        Assert.Empty(opened.Complaints);
        Assert.All(opened.Requests, url => Assert.True(url.StartsWith("file:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
        Assert.Single(opened.Requests, url => url.StartsWith("file:", StringComparison.Ordinal));
        Assert.Equal(Digits.Sections.Count, await opened.Page.Locator("section[data-kind]").CountAsync());
        Assert.Equal(0, await opened.Page.Locator(".message").CountAsync());
        Assert.Equal("−139.84", await opened.Page.Locator("[data-headline=elbo]").InnerTextAsync());
        Assert.Equal("+2.38", await opened.Page.Locator("[data-row=gap] .value").InnerTextAsync());
        Assert.Contains("60,000 handwritten digits", await opened.Page.Locator("header").InnerTextAsync(), StringComparison.Ordinal);
        // Nothing reaches over the edge of the window.
        Assert.True(await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }

    [Fact]
    public async Task Curves_are_drawn_and_the_pointer_reads_their_values()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path));
        const string Panel = "[data-panel=ELBO]";
        var drawn = await opened.Page.Locator($"{Panel} [aria-label=line] path").EvaluateAllAsync<string[]>("paths => paths.map(path => path.getAttribute('d'))");
        Assert.Equal(2, drawn.Length);
        Assert.All(drawn, path => Assert.Equal(49, path.Count(c => c == 'L')));

        var curve = ((CurvesSection)Digits.Sections.Single(section => section is CurvesSection)).Panels[0].Curves[0];
        await opened.Page.Locator($"{Panel} .plot").FocusAsync();
        await opened.Page.Keyboard.PressAsync("Home");
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        var expected = curve.Y.Span[1].ToString("0.00", System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−');
        Assert.Equal(expected, await opened.Page.Locator($"{Panel} .readout li:first-child b").InnerTextAsync());

        await opened.MoveTo($"{Panel} .plot", 0.5, 0.5);
        Assert.NotEqual(expected, await opened.Page.Locator($"{Panel} .readout li:first-child b").InnerTextAsync());
        Assert.Equal(1, await opened.Page.Locator("[data-panel=KL] .pointer line").CountAsync());
    }

    [Fact]
    public async Task Curves_are_hidden_and_the_axis_made_logarithmic_by_switches()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path));
        var lines = opened.Page.Locator("[data-panel=ELBO] [aria-label=line] path");
        var before = await lines.First.GetAttributeAsync("d");
        await opened.Page.GetByRole(AriaRole.Checkbox, new PageGetByRoleOptions { Name = "log epoch" }).CheckAsync();
        Assert.NotEqual(before, await lines.First.GetAttributeAsync("d"));
        await opened.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "validation" }).ClickAsync();
        Assert.Equal(1, await lines.CountAsync());
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Hovering_the_scatter_shows_the_row_and_its_picture()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path));
        var section = (LatentScatterSection)Digits.Sections.Single(candidate => candidate is LatentScatterSection);
        await opened.Page.Locator("canvas.scatter").FocusAsync();
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        await opened.Page.WaitForSelectorAsync("canvas.scatter[data-row]");
        await opened.Page.Keyboard.PressAsync("Escape");
        Assert.Null(await opened.Page.GetAttributeAsync("canvas.scatter", "data-row"));

        await opened.Page.Locator("canvas.scatter").ScrollIntoViewIfNeededAsync();
        var box = (await opened.Page.Locator("canvas.scatter").BoundingBoxAsync())!;
        // Sweeps the middle row until a point comes under the pointer.
        for (var x = 0.05; x < 0.95 && await opened.Page.GetAttributeAsync("canvas.scatter", "data-row") is null; x += 0.02)
        {
            await opened.Page.Mouse.MoveAsync((float)(box.X + x * box.Width), (float)(box.Y + 0.5 * box.Height));
            await opened.Page.WaitForTimeoutAsync(30);
        }
        var row = int.Parse((await opened.Page.GetAttributeAsync("canvas.scatter", "data-row"))!, System.Globalization.CultureInfo.InvariantCulture);
        var index = section.Rows.Span.IndexOf(row);
        Assert.True(await opened.Page.Locator(".scatter-holder .lens").IsVisibleAsync());
        Assert.Contains($"test row {row}", await opened.Page.Locator(".scatter-holder .lens").InnerTextAsync(), StringComparison.Ordinal);
        var shown = await opened.Pixels(".scatter-holder .lens canvas");
        var size = FakeDigits.Side * FakeDigits.Side;
        Assert.Equal(section.Thumbnails!.Pixels.Span.Slice(index * size, size).ToArray(), shown.Where((_, i) => i % 4 == 0).ToArray());
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task A_page_that_says_it_is_drawn_has_drawn_its_scatter()
    {
        // A browser that paints no frame and measures nothing between the page's end and a screenshot.
        const string NoFrames = "window.requestAnimationFrame = () => 0; window.ResizeObserver = class { observe() {} unobserve() {} disconnect() {} };";
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path), before: NoFrames);
        Assert.Contains(await opened.Pixels("canvas.scatter"), static value => value != 0);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Pressing_a_class_hides_its_points()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path));
        await opened.Painted();
        var before = await opened.Pixels("canvas.scatter");
        var chip = opened.Page.Locator(".legend .chip").First;
        await chip.ClickAsync();
        await opened.Page.Mouse.MoveAsync(0, 0);
        await opened.Painted();
        Assert.Equal("false", await chip.GetAttributeAsync("aria-pressed"));
        Assert.NotEqual(before, await opened.Pixels("canvas.scatter"));
    }

    [Fact]
    public async Task Drawing_again_decodes_fresh_samples()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path));
        var before = await opened.Pixels("[data-kind=image-grid] canvas");
        await opened.Page.Locator("[data-action=draw-again]").ClickAsync();
        await opened.Page.WaitForSelectorAsync("[data-kind=image-grid] [role=status]:not(:empty)", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        Assert.NotEqual(before, await opened.Pixels("[data-kind=image-grid] canvas"));
    }

    [Fact]
    public async Task Dark_mode_has_dark_paper_and_light_ink()
    {
        await using var light = await browser.Open(path => ReportWriter.Write(Digits, path));
        await using var dark = await browser.Open(path => ReportWriter.Write(Digits, path), ColorScheme.Dark);
        Assert.True(await Luminance(light, "backgroundColor") > 0.9);
        Assert.True(await Luminance(light, "color") < 0.2);
        Assert.True(await Luminance(dark, "backgroundColor") < 0.2);
        Assert.True(await Luminance(dark, "color") > 0.8);
        Assert.NotEqual(await light.Pixels("canvas.scatter"), await dark.Pixels("canvas.scatter"));
        Assert.Empty(dark.Complaints);

        static async Task<double> Luminance(OpenPage opened, string property)
        {
            var colour = await opened.Page.EvaluateAsync<int[]>("property => getComputedStyle(document.body)[property].match(/\\d+/g).slice(0, 3).map(Number)", property);
            return (0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]) / 255;
        }
    }

    [Fact]
    public async Task Everything_that_can_be_pressed_has_a_name_and_every_picture_a_description()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(Digits, path));
        var nameless = await opened.Page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('button, a, input, select, canvas:not(.lens canvas)')]
              .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length)))
              .map(e => e.outerHTML.slice(0, 80))
            """);
        Assert.Empty(nameless);
        Assert.Equal(1, await opened.Page.Locator("h1").CountAsync());
    }

    [Fact]
    public async Task A_comparison_marks_the_best_and_names_what_differs()
    {
        var runs = new[] { Digits, FakeReports.Digits(50, "second", shift: 1.5) };
        await using var opened = await browser.Open(path => ReportWriter.WriteCompare(runs, path));
        Assert.Empty(opened.Complaints);
        Assert.Contains("−138.34", await opened.Page.Locator("[data-kind=compare-numbers] .best").First.InnerTextAsync(), StringComparison.Ordinal);
        var differing = await opened.Page.Locator("table.differing tbody tr").AllInnerTextsAsync();
        Assert.Contains("0.003", Assert.Single(differing), StringComparison.Ordinal);
        Assert.Equal(4, await opened.Page.Locator("[data-panel=ELBO] [aria-label=line] path").CountAsync());
        Assert.Equal(2, await opened.Page.Locator("[data-kind=compare-images] canvas").CountAsync());
    }

    [Fact]
    public async Task Without_a_plane_of_two_dimensions_the_samples_are_the_picture_of_the_first_screen()
    {
        var samples = Digits.Sections.OfType<ImageGridSection>().Single();
        var second = samples with { Title = "Traversals", DrawFrom = null, RowNames = ["z0", "z1"] };
        var data = Digits with { Sections = [new TableSection { Title = "Nothing", Groups = [] }, samples, second] };
        await using var opened = await browser.Open(path => ReportWriter.Write(data, path));
        Assert.Empty(opened.Complaints);
        Assert.Equal(1, await opened.Page.Locator("header canvas").CountAsync());
        Assert.Equal(["Nothing", "Traversals"], await opened.Page.Locator("h2").AllInnerTextsAsync());
        Assert.Equal(1, await opened.Page.Locator("header [data-action=draw-again]").CountAsync());
        Assert.Equal(["z₀", "z₁"], await opened.Page.Locator(".row-names li").AllInnerTextsAsync());
    }

    [Fact]
    public async Task A_header_alone_makes_a_page()
    {
        await using var opened = await browser.Open(path => ReportWriter.Write(FakeReports.Minimal(), path));
        Assert.Empty(opened.Complaints);
        Assert.Equal("−140.25", await opened.Page.Locator("[data-headline=elbo]").InnerTextAsync());
        Assert.Equal(0, await opened.Page.Locator("[data-row=gap]").CountAsync());
    }
}
