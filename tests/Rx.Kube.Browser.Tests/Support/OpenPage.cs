using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Rx.Kube.Browser.Tests.Support;

/// <summary>The page of a ring in a browser, and what it shows. Its end checks that no script failed and nothing was blocked.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<string> _requests = [];

    public OpenPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout((float)_patience.TotalMilliseconds);
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.Console += (_, message) =>
        {
            // A server that is away is no fault of the page.
            if (message.Type == "error" && !message.Text.Contains("ERR_", StringComparison.Ordinal))
            {
                _faults.Enqueue(message.Text);
            }
        };
        page.Request += (_, request) => _requests.Enqueue(request.Url);
    }

    public IPage Page { get; }

    /// <summary>The paths and queries that the page has asked for.</summary>
    public IEnumerable<string> Requests => _requests.Select(url => new Uri(url).PathAndQuery);

    public Task<string> TextAsync(string selector) => Page.Locator(selector).InnerTextAsync();

    public Task<IReadOnlyList<string>> TextsAsync(string selector) => Page.Locator(selector).AllInnerTextsAsync();

    /// <summary>The table: member, zone, share and ideal of each row, as text.</summary>
    public Task<string[][]> TableAsync() => Page.EvaluateAsync<string[][]>(
        "() => [...document.querySelectorAll('#rows tr')].map(row => [...row.children].slice(0, 4).map(cell => cell.textContent))");

    /// <summary>The names of the arcs, as a screen reader reads them, in their order.</summary>
    public Task<string[]> ArcsAsync() => Page.EvaluateAsync<string[]>(
        "[...document.querySelectorAll('.arc')].map(arc => arc.getAttribute('aria-label'))");

    /// <summary>Waits until an expression of JavaScript is true.</summary>
    public async Task TrueAsync(string expression)
    {
        // Not WaitForFunction, which evaluates text inside the page: its policy forbids that.
        using var patience = new CancellationTokenSource(_patience);
        while (!await Page.EvaluateAsync<bool>(expression))
        {
            Assert.False(patience.IsCancellationRequested, $"not within {_patience.TotalSeconds} s: {expression}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until the page shows a text somewhere in an element.</summary>
    public Task ShowsAsync(string selector, string text) =>
        Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text, new() { Timeout = (float)_patience.TotalMilliseconds });

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_faults);
    }
}
