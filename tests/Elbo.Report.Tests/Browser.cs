using Microsoft.Playwright;

namespace Elbo.Report.Tests;

/// <summary>One headless Chromium for all page tests: the one the machine has, found on the PATH.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Executable() is not { } executable) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Headless = true,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>Opens a report from <c>file://</c> and waits until it says that it is drawn; skips the test where there is no Chromium. What is run before the page's own script may stand for a slow browser.</summary>
    internal async Task<OpenPage> Open(Action<string> write, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900, string? before = null)
    {
        if (browser is null) Assert.Skip($"No Chromium is on the PATH (looked for {string.Join(", ", Names)}); install one to test the page.");
        var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "report.html");
        write(file);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        if (before is not null) await context.AddInitScriptAsync(before);
        var opened = new OpenPage(await context.NewPageAsync(), context, folder);
        await opened.Page.GotoAsync(new Uri(file).AbsoluteUri);
        // By selector: waiting for a function needs eval, which the page's own security policy forbids.
        try
        {
            await opened.Page.WaitForSelectorAsync("html[data-ready]");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The page did not say that it is drawn. It complained: {string.Join("; ", opened.Complaints)}", exception);
        }

        return opened;
    }

    private static string? Executable() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
            .FirstOrDefault(File.Exists);
}

/// <summary>A page under test, with everything it complained about and everything it asked for.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly TemporaryFolder folder;

    public OpenPage(IPage page, IBrowserContext context, TemporaryFolder folder)
    {
        (Page, this.context, this.folder) = (page, context, folder);
        page.Console += (_, message) => { if (message.Type == "error") Complaints.Add(message.Text); };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    /// <summary>The RGBA bytes of a canvas at its native size.</summary>
    public async Task<byte[]> Pixels(string selector) => Convert.FromBase64String(await Page.EvaluateAsync<string>("""
        selector => {
          const canvas = document.querySelector(selector);
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let text = '';
          for (const byte of data) text += String.fromCharCode(byte);
          return btoa(text);
        }
        """, selector));

    /// <summary>Waits until the page has painted what was asked of it.</summary>
    public Task Painted() => Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");

    /// <summary>Moves the mouse to a share of an element's box, counted from its left and top.</summary>
    public async Task MoveTo(string selector, double x, double y)
    {
        var element = Page.Locator(selector);
        await element.ScrollIntoViewIfNeededAsync();
        var box = (await element.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync((float)(box.X + x * box.Width), (float)(box.Y + y * box.Height));
        await Painted();
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        folder.Dispose();
    }
}
