using Microsoft.Playwright;

namespace Rx.Kube.Browser.Tests.Support;

/// <summary>One Chromium for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] _places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The executable; null if there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("RXKUBE_CHROMIUM") is { Length: > 0 } path
        ? path
        : _places.FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (Path is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,

            // As root in a container there is no sandbox, and without a network what the browser asks by itself is refused.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--enable-precise-memory-info", "--js-flags=--expose-gc",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page, and waits until it shows a ring.</summary>
    public async Task<OpenPage> OpenAsync(Uri url, BrowserNewContextOptions? options = null)
    {
        Assert.True(_browser is not null, "There is no Chromium. To fix: apt-get install chromium.");
        var context = await _browser.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = new OpenPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(url.AbsoluteUri);
        return page;
    }
}
