using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Rx.Kube.Browser.Tests.Support;
using Rx.Kube.Cli.Tests.Harness;

namespace Rx.Kube.Browser.Tests;

/// <summary>The live page of <c>rxkube ring --web</c> in Chromium.</summary>
public sealed class RingPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task What_it_shows_is_what_the_tool_prints_while_members_come_and_go_and_the_server_dies_and_returns()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0/zone-a", "cache-1/zone-b", "cache-2/zone-c");
        await using var page = await chromium.OpenAsync(ring.Url);
        await AssertSameAsync(page, await ring.LineAsync(3));

        ring.Set("cache-0/zone-a", "cache-1/zone-b", "cache-2/zone-c", "cache-3/zone-a");
        await AssertSameAsync(page, await ring.LineAsync(4));
        await page.ShowsAsync("#changes li:first-child .what", "cache-3 joined: ");

        ring.Set("cache-0/zone-a", "cache-1/zone-b", "cache-3/zone-a");
        var left = await ring.LineAsync(3);
        await AssertSameAsync(page, left);
        Assert.Equal(
            $"cache-2 left: {Percent(left, "moved")} moved, ideal {Percent(left, "ideal")}, 0 needless",
            (await page.TextAsync("#changes li:first-child .what")).Replace('\u00a0', ' '));

        for (var flap = 0; flap < 5; flap++)
        {
            ring.Set("cache-0/zone-a", "cache-1/zone-b");
            await ring.LineAsync(2);
            ring.Set("cache-0/zone-a", "cache-1/zone-b", "cache-3/zone-a");
            left = await ring.LineAsync(3);
        }

        await AssertSameAsync(page, left);

        ring.Server.Offline = true;
        await ring.LineAsync(3, "stale");
        await page.TrueAsync("document.body.classList.contains('stale')");
        await page.ShowsAsync("#why", "Stale since ");
        await page.ShowsAsync("#changes li:first-child .what", "stale: ");
        await AssertSameAsync(page, left);
        ring.Set("cache-0/zone-a", "cache-9/zone-b");
        ring.Server.Cluster.Compact();
        ring.Server.Offline = false;
        await AssertSameAsync(page, await ring.LineAsync(2));
        await page.TrueAsync("document.body.classList.contains('live') && document.getElementById('cause').hidden");
        await page.ShowsAsync("#age", "The API server was heard ");
        await page.ShowsAsync("#changes", "live again, after ");
    }

    [BrowserFact]
    public async Task A_hostile_name_is_shown_as_text()
    {
        const string Hostile = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>";
        await using var ring = await RingOfTool.StartAsync("cache-0");
        ring.Server.Cluster.Apply(Testing.SliceJson.Manifest(Testing.Slice.With(
            Testing.Slice.Of("cache-abc", "cache", @namespace: "prod"), Hostile + "\u202e\u0007gpj", "10.0.0.1", zone: "<b>zone</b>")));
        await using var page = await chromium.OpenAsync(ring.Url);

        await page.ShowsAsync("#rows td.member", Hostile + "\\u{202e}\\u{7}gpj");
        await page.Page.FillAsync("#text", "<i>key</i>");
        await page.ShowsAsync("#owner", "<i>key</i> → <img src=x");
        await page.Page.Locator(".arc").First.FocusAsync();
        await page.ShowsAsync("#detail", "in <b>zone</b>");
        Assert.Equal(0, await page.Page.Locator("main img, main b b, #owner i, #detail b, #rows script").CountAsync());
        Assert.Equal("prod/cache · ring", await page.Page.TitleAsync());
    }

    [BrowserFact]
    public async Task The_key_box_shows_what_the_tool_explains()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0/zone-a", "cache-1/zone-a", "cache-2/zone-b");
        await using var page = await chromium.OpenAsync(ring.Url);

        await page.Page.FillAsync("#text", "user:42");

        var why = await ring.ExplainAsync("user:42");
        await page.ShowsAsync("#walkfacts", (string)why["hash"]!);
        Assert.Equal(
            $"user:42 → {why["owner"]}, then {why["replicas"]![1]!["member"]}", (await page.TextAsync("#owner")).Trim());
        await page.ShowsAsync("#walk li:first-child", (string)why["token"]!);
        await page.ShowsAsync("#walk li:first-child", "owner");
        Assert.Equal(2, await page.Page.Locator("svg .badge").CountAsync());

        // The walk follows the ring.
        ring.Set(why["owner"]!.ToString() == "cache-0" ? ["cache-1/zone-a", "cache-2/zone-b"] : ["cache-0/zone-a", "cache-2/zone-b"]);
        await ring.LineAsync(2);
        await page.TrueAsync($"!document.getElementById('owner').textContent.startsWith('user:42 → {why["owner"]}')");
    }

    [BrowserFact]
    public async Task An_earlier_ring_is_shown_until_the_reader_returns_to_now()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0", "cache-1");
        await using var page = await chromium.OpenAsync(ring.Url);
        var first = await ring.LineAsync(2);
        await AssertSameAsync(page, first);
        ring.Set("cache-0", "cache-1", "cache-2");
        var second = await ring.LineAsync(3);
        await AssertSameAsync(page, second);
        ring.Set("cache-0");
        var third = await ring.LineAsync(1);
        await AssertSameAsync(page, third);
        await page.Page.FillAsync("#text", "user:42");

        await page.Page.ClickAsync("#back");
        await AssertSameAsync(page, second);
        await page.ShowsAsync("#shown", "The ring of ");
        await page.Page.ClickAsync("#back");
        await AssertSameAsync(page, first);
        var owner = await page.TextAsync("#owner");
        Assert.Matches("^user:42 → cache-[01]", owner);

        // What happens meanwhile is listed, and the ring that is shown stays.
        ring.Set("cache-0", "cache-7");
        var fourth = await ring.LineAsync(2);
        await page.ShowsAsync("#changes li:first-child .what", "cache-7 joined");
        await AssertSameAsync(page, first);
        await page.Page.ClickAsync("#now");
        await AssertSameAsync(page, fourth);
        await page.ShowsAsync("#shown", "The ring of now.");

        // The slider goes there too, by keyboard.
        await page.Page.FocusAsync("#slider");
        await page.Page.Keyboard.PressAsync("Home");
        await AssertSameAsync(page, first);
        await page.Page.Keyboard.PressAsync("End");
        await AssertSameAsync(page, fourth);
    }

    [BrowserFact]
    public async Task The_page_of_a_recording_shows_at_each_time_what_the_replay_prints()
    {
        var file = Path.Combine(Path.GetTempPath(), $"rxkube-{Guid.NewGuid():n}.rxk.ndjson");
        try
        {
            await using (var ring = await RingOfTool.StartAsync("cache-0/zone-a", "cache-1/zone-b"))
            {
                var record = ring.Start("record", "cache", "-f", file, "-o", "json");
                await record.LineAsync("cache-1");
                ring.Set("cache-0/zone-a", "cache-1/zone-b", "cache-2/zone-c");
                await record.LineAsync("\"added\":[\"cache-2\"]");
                ring.Set("cache-2/zone-c");
                await record.LineAsync("\"removed\":[\"cache-0\",\"cache-1\"]");
                await record.StopAsync();
            }

            var (printed, web) = (new InProcessTool(), new InProcessTool());
            printed.Start("replay", file, "--view", "ring", "--replicas", "2", "-o", "json");
            await printed.EndAsync();
            var lines = printed.Rest().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
            Assert.Equal(3, lines.Count);
            web.Start("replay", file, "--view", "ring", "--replicas", "2", "--web", "0");
            await using (var page = await chromium.OpenAsync(await RingOfTool.UrlOfAsync(web)))
            {
                await page.ShowsAsync("#state", "end of the recording");
                await AssertSameAsync(page, lines[2]);
                await page.Page.FocusAsync("#slider");
                await page.Page.Keyboard.PressAsync("Home");
                await AssertSameAsync(page, lines[0]);
                await page.Page.ClickAsync("#forth");
                await AssertSameAsync(page, lines[1]);
                await page.Page.FocusAsync("#slider");
                await page.Page.Keyboard.PressAsync("End");
                await AssertSameAsync(page, lines[2]);
            }

            await web.StopAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [BrowserFact]
    public async Task A_hidden_page_has_no_stream_and_goes_on_where_it_was()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0", "cache-1");
        await using var page = await chromium.OpenAsync(ring.Url);
        await AssertSameAsync(page, await ring.LineAsync(2));

        await HideAsync(page, hidden: true);
        ring.Set("cache-0", "cache-1", "cache-2");
        var line = await ring.LineAsync(3);
        await Task.Delay(1000);
        Assert.Equal("2", await page.TextAsync("#f-members"));
        Assert.True(await page.Page.EvaluateAsync<bool>("source === null"));

        await HideAsync(page, hidden: false);
        await AssertSameAsync(page, line);
        Assert.Single(page.Requests, path => path == "/events");
        Assert.Single(page.Requests, path => path.StartsWith("/events?after=", StringComparison.Ordinal));
        Assert.Equal(2, await page.Page.Locator("#changes li").CountAsync());
    }

    [BrowserFact]
    public async Task A_page_that_lost_its_server_says_so_and_comes_back()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0", "cache-1");
        await using var page = await chromium.OpenAsync(ring.Url);
        await AssertSameAsync(page, await ring.LineAsync(2));

        await ring.StopServingAsync();
        await page.ShowsAsync("#status", "no connection This page lost its server");
        ring.Set("cache-0", "cache-1", "cache-2");
        await ring.ServeAsync(ring.Url.Port);

        await AssertSameAsync(page, await ring.LineAsync(3));
        await page.ShowsAsync("#status", "live");
    }

    [BrowserFact]
    public async Task Up_to_64_members_have_an_arc_each_and_more_are_grouped_by_zone()
    {
        await using var ring = await RingOfTool.StartAsync(Members(64, 3));
        await using var page = await chromium.OpenAsync(ring.Url);
        await AssertSameAsync(page, await ring.LineAsync(64));
        await page.ShowsAsync("#detail", "Faded members are not ready");
        await SaveAsync(page, "64");

        ring.Set(Members(65, 3));
        var line = await ring.LineAsync(65);
        await page.ShowsAsync("#f-fingerprint", (string)line["fingerprint"]!);
        await page.ShowsAsync("#ringtitle", "Shares of the keys, by zone");
        await page.ShowsAsync("#detail", "Choose a zone to see its members.");
        await SaveAsync(page, "65-zones");
        Assert.Equal(
            ["zone-0: 21 members", "zone-1: 22 members", "zone-2: 22 members"],
            (await page.ArcsAsync()).Select(arc => arc.Split(',')[0]));
        await page.Page.Locator(".arc").Last.PressAsync("Enter");
        await page.TrueAsync("document.querySelectorAll('.arc').length === 22");
        Assert.All(await page.ArcsAsync(), arc => Assert.EndsWith(", in zone-2, ready", arc, StringComparison.Ordinal));

        // One member less: there is nothing to open, and nothing is left open.
        ring.Set(Members(64, 3));
        await AssertSameAsync(page, await ring.LineAsync(64));
        Assert.Equal("Shares of the keys", await page.TextAsync("#ringtitle"));
        Assert.True(await page.Page.Locator("#all").IsHiddenAsync());
    }

    [BrowserFact]
    public async Task Without_zones_to_group_by_the_largest_shares_have_an_arc_each_and_the_others_one()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0");
        await using var page = await chromium.OpenAsync(ring.Url);
        await AssertSameAsync(page, await ring.LineAsync(1));
        foreach (var zones in new[] { 1, 0 })
        {
            ring.Set(Members(65, zones));
            var line = await ring.LineAsync(65);
            await page.ShowsAsync("#f-fingerprint", (string)line["fingerprint"]!);
            await page.ShowsAsync(
                "#detail",
                "The 63 largest shares have an arc each, and 2 others share the grey one: choose it to see them first in the table.");
            await SaveAsync(page, $"65-{zones}");

            var bySize = line["members"]!.AsArray().OrderByDescending(member => (double)member!["share"]!)
                .Select(member => Row(line, (string)member!["member"]!)).ToList();
            var others = line["members"]!.AsArray().Select(member => (double)member!["share"]!).Order().Take(2).Sum();
            var where = zones == 0 ? "no zone" : "in zone-0";
            Assert.Equal(
                bySize.Take(63).Select(row => $"{row[0]}: {row[2]} of the keys, ideal {row[3]}, {where}, ready")
                    .Append($"2 others: 2 members, {Text(others)} of the keys, ideal {Text(2 / 65.0)}"),
                await page.ArcsAsync());

            await page.Page.Locator(".arc").Last.PressAsync("Enter");
            await page.TrueAsync("document.querySelector('th[data-by=share]').getAttribute('aria-sort') === 'ascending'");
            Assert.Equal(bySize[63..].Select(row => row[0]).Order(), (await page.TableAsync()).Take(2).Select(row => row[0]).Order());
            await page.Page.Locator(".arc").Last.BlurAsync();
        }
    }

    [BrowserFact]
    public async Task Five_thousand_members_are_grouped_by_zone_and_quick()
    {
        await using var ring = await RingOfTool.StartAsync();
        ring.SetMany(5000);
        var line = await ring.LineAsync(5000);
        await using var page = await chromium.OpenAsync(ring.Url);
        await page.ShowsAsync("#f-members", "5,000");
        await page.ShowsAsync("#f-fingerprint", (string)line["fingerprint"]!);

        Assert.Equal(3, await page.Page.Locator(".arc").CountAsync());
        Assert.Equal(200, await page.Page.Locator("#rows tr").CountAsync());
        await page.Page.Locator(".arc").First.PressAsync("Enter");
        await page.ShowsAsync("#ringtitle", "Shares of the keys in zone-0");
        await page.TrueAsync("document.querySelectorAll('.arc').length === 64");
        Assert.Contains("1,604 others", await page.Page.Locator(".arc").Last.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await page.Page.ClickAsync("#all");
        await page.Page.FillAsync("#filter", "cache-4321");
        await page.TrueAsync("document.querySelectorAll('#rows tr').length === 1");
        Assert.Equal(Row(line, "cache-4321"), (await page.TableAsync())[0]);

        // A change is a small frame, and drawing takes less than the time between two frames.
        ring.Set("extra-0/zone-1");
        line = await ring.LineAsync(5001);
        await page.ShowsAsync("#f-fingerprint", (string)line["fingerprint"]!);
        await page.ShowsAsync("#changes li:first-child .what", "extra-0 joined: ");
        var drawing = await page.Page.EvaluateAsync<double>(
            """
            () => {
              const start = performance.now();
              drawStatus(); drawTime(); drawRing(); drawWalk(); drawTable(); drawFeed();
              return performance.now() - start;
            }
            """);
        Assert.InRange(drawing, 0, 500);
        await page.Page.FillAsync("#text", "user:42");
        await page.ShowsAsync("#owner", "user:42 → cache-");
    }

    [BrowserFact]
    public async Task Eight_hours_of_changes_do_not_grow_the_page()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0", "cache-1");
        await using var page = await chromium.OpenAsync(ring.Url);
        await AssertSameAsync(page, await ring.LineAsync(2));
        await page.Page.EvaluateAsync("close()");

        var (nodes1, heap1) = await PlayAsync(page, 1);
        var (nodes8, heap8) = await PlayAsync(page, 7);

        Assert.InRange(await page.Page.EvaluateAsync<int>("live.changes.length"), 900, 1000);
        Assert.InRange(nodes8, 0, nodes1 * 1.05);
        Assert.InRange(heap8, 0, heap1 + (3 << 20));
    }

    [BrowserFact]
    public async Task It_is_usable_with_the_keyboard_and_by_a_screen_reader()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0/zone-a", "cache-1/zone-b", "cache-2/zone-c");
        await using var page = await chromium.OpenAsync(ring.Url, new() { ReducedMotion = ReducedMotion.Reduce });
        var line = await ring.LineAsync(3);
        await AssertSameAsync(page, line);

        // One stop of Tab for the ring; the arrows go round it.
        Assert.Equal(1, await page.Page.Locator(".arc[tabindex='0']").CountAsync());
        await page.Page.Locator(".arc[tabindex='0']").FocusAsync();
        foreach (var member in new[] { "cache-1", "cache-2", "cache-0" })
        {
            await page.Page.Keyboard.PressAsync("ArrowRight");
            await page.ShowsAsync("#detail", $"{member}: {Row(line, member)[2]} of the keys, ideal 33.33%");
        }

        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("cache-0", await page.Page.Locator("tr.selected td.member").InnerTextAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await page.TrueAsync("document.querySelector('th[data-by=share]').getAttribute('aria-sort') === 'descending'");
        Assert.Equal(3, await page.Page.Locator(".arc > title").CountAsync());
        var table = page.Page.GetByRole(AriaRole.Table, new() { Name = "Members of the ring and their shares of the keys" });
        Assert.Equal(1, await table.CountAsync());
        await page.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Key" }).FillAsync("user:42");
        await page.Page.GetByRole(AriaRole.Slider, new() { Name = "Time of the ring that is shown" }).FocusAsync();
        ring.Set("cache-0/zone-a", "cache-1/zone-b", "cache-2/zone-c", "cache-3/zone-a");
        await page.ShowsAsync("#announce", "cache-3 joined: ");
        Assert.Equal("none", await page.Page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('#changes li')).animationName"));
    }

    [BrowserFact]
    public async Task It_fits_a_phone_and_follows_light_and_dark()
    {
        await using var ring = await RingOfTool.StartAsync("cache-0/zone-a", "cache-1/zone-b", "cache-2/zone-c");
        var seen = new List<(string Background, string Text)>();
        foreach (var (scheme, width, height) in new[]
        {
            (ColorScheme.Light, 1280, 900), (ColorScheme.Dark, 1280, 900), (ColorScheme.Light, 390, 844), (ColorScheme.Dark, 390, 844),
        })
        {
            await using var page = await chromium.OpenAsync(
                ring.Url, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
            await page.ShowsAsync("#f-members", "3");
            await page.Page.FillAsync("#text", "user:42");
            await page.ShowsAsync("#owner", "user:42 → ");
            Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
            seen.Add((
                await page.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor"),
                await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).color")));

            // The picture has the ring in three hues, on a background that is light or dark.
            var picture = await page.Page.Locator("#svg").ScreenshotAsync();
            var colors = await page.Page.EvaluateAsync<Colors>(Picture.Colors, Convert.ToBase64String(picture));
            Assert.Equal(3, colors.Hues);
            Assert.Equal(scheme == ColorScheme.Light, colors.Background > 128);
            await SaveAsync(page, $"{scheme}-{width}");
        }

        Assert.Equal(seen[0], seen[2]);
        Assert.Equal(seen[1], seen[3]);
        Assert.NotEqual(seen[0].Background, seen[1].Background);
        Assert.NotEqual(seen[0].Text, seen[1].Text);
    }

    /// <summary>Waits until the page shows a ring that the tool has printed, and compares all that it shows of it.</summary>
    private static async Task AssertSameAsync(OpenPage page, JsonNode line)
    {
        var members = line["members"]!.AsArray();
        await page.ShowsAsync("#f-fingerprint", (string)line["fingerprint"]!);
        await page.TrueAsync($"document.querySelectorAll('#rows tr').length === {members.Count}");
        await page.TrueAsync($"shown().ring.version === '{line["version"]}' || live.head.freshness !== 'live'");
        Assert.Equal(members.Select(member => Row(line, (string)member!["member"]!)), await page.TableAsync());
        Assert.Equal(members.Count.ToString(CultureInfo.InvariantCulture), await page.TextAsync("#f-members"));
        var labels = await page.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.arc')].map(arc => arc.getAttribute('aria-label').split(', ').slice(0, 2).join())");
        Assert.Equal(
            members.Select(member => Row(line, (string)member!["member"]!))
                .Select(row => $"{row[0]}: {row[2]} of the keys,ideal {row[3]}").Order(StringComparer.Ordinal),
            labels.Order(StringComparer.Ordinal));
    }

    private static string[] Row(JsonNode line, string name)
    {
        var member = line["members"]!.AsArray().Single(m => (string)m!["member"]! == name)!;
        return [name, (string?)member["zone"] ?? "–", Text((double)member["share"]!), Text((double)member["ideal"]!)];
    }

    // With two digits, so that the order of numbers, which the page has, is the order of text.
    private static string[] Members(int count, int zones) =>
        [.. Enumerable.Range(10, count).Select(i => $"cache-{i}/{(zones == 0 ? "" : $"zone-{i % zones}")}")];

    // To look at.
    private static async Task SaveAsync(OpenPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("RXKUBE_PICTURES") is { Length: > 0 } folder)
        {
            await page.Page.ScreenshotAsync(new() { Path = $"{folder}/ring-page-{name}.png".ToLowerInvariant() });
        }
    }

    // As the page writes it: two digits, four if it is less than a thousandth.
    private static string Text(double share) =>
        (share * 100).ToString(share is > 0 and < 0.001 ? "0.0000" : "0.00", CultureInfo.InvariantCulture) + "%";

    private static string Percent(JsonNode line, string name) =>
        ((double)line[name]! * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static Task<JsonElement?> HideAsync(OpenPage page, bool hidden) => page.Page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """, hidden);

    // Frames as a server would send them: a change each second, drawn each ten.
    private static async Task<(int Nodes, long Heap)> PlayAsync(OpenPage page, int hours)
    {
        var result = await page.Page.EvaluateAsync<long[]>(
            """
            async hours => {
              for (let second = 0; second < hours * 3600; second++) {
                const n = (window.played = (window.played ?? 0) + 1), id = 1000 + n, name = 'pod-' + n, gone = 'pod-' + (n - 3);
                const joined = { member: name, share: 0.1, weight: 1, zone: 'zone-' + n % 3, health: 'ready', address: '10.0.0.1' };
                const count = 2 + Math.min(n, 3);
                apply({
                  id: 'e-' + id, now: live.head.now + 1000, freshness: 'live', ageMs: 5, over: false, cause: null, presence: 'ready',
                  version: String(id),
                  ring: { ...live.head.ring, version: String(id), memberCount: count, placement: String(id), fingerprint: 'f' + id },
                  oldest: Math.max(1, id - 999), members: [joined], removed: n > 3 ? [gone] : [],
                  changes: [{
                    id, at: live.head.now + 1000, kind: 'ring', version: String(id), memberCount: count, joined: [name], joinedCount: 1,
                    left: n > 3 ? [gone] : [], leftCount: n > 3 ? 1 : 0, altered: [], alteredCount: 0, moved: 0.1, ideal: 0.1, needless: 0,
                  }],
                }, false);
                fresh.clear();
                if (n % 10 === 0) { drawStatus(); drawTime(); drawRing(); drawTable(); drawFeed(); }
                if (n % 600 === 0) await new Promise(resolve => setTimeout(resolve));
              }
              gc();
              await new Promise(resolve => setTimeout(resolve, 200));
              gc();
              return [document.getElementsByTagName('*').length, performance.memory.usedJSHeapSize];
            }
            """, hours);
        return ((int)result[0], result[1]);
    }
}
