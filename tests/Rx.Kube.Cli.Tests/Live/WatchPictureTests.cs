using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Live;

public class WatchPictureTests
{
    /// <summary>
    /// Compares the picture in the README with the output of the tool. <c>RXKUBE_UPDATE_GOLDEN=1 dotnet test</c> redraws it.
    /// </summary>
    [Fact]
    public void The_picture_in_the_readme_equals_the_output_of_the_tool()
    {
        var pods = Enumerable.Range(0, 6)
            .Select(i => Pod($"cache-{i}", $"10.244.{i}.{i + 17}", zone: $"zone-{"abc"[i % 3]}", node: $"node-{i + 1}")).ToArray();
        var lost = FakeHost.Start.AddSeconds(252);
        (double At, WatchEvent<EndpointSlice> Event)[] scenario =
        [
            (0, Listed("40712", pods)),
            (252, Interrupted(lost, 1, "10.0.0.1:6443 cannot be reached: Connection refused")),
            (259, Resumed),
            (301, Modified("41377", [.. pods[..5], pods[5] with { Ready = false, Terminating = true }])),
            (304, Modified("41379", [.. pods[..5], pods[5] with { Ready = false, Serving = false, Terminating = true }])),
            (305, Modified("41380", pods[..5])),
            (306.5, Modified("41384", [pods[0], pods[1], pods[2], pods[3], pods[4] with { Ready = false, Terminating = true }])),
            (308, Modified("41386", [
                pods[0], pods[1] with { Ready = false, Serving = false }, pods[2], pods[3],
                pods[4] with { Ready = false, Terminating = true },
                Pod("cache-6", "10.244.3.41", zone: "zone-b", node: "node-4")])),
        ];
        var state = new TableState(Cache);
        foreach (var (snapshot, (at, _)) in Snapshots([.. scenario.Select(s => s.Event)]).Zip(scenario))
        {
            state = state.Next(snapshot, FakeHost.Start.AddSeconds(at));
        }

        var view = new Viewport(92, 24, Glyphs.Unicode, TimeZoneInfo.Utc, "10.0.0.1:6443");
        var lines = TableView.Draw(state, FakeHost.Start.AddSeconds(309.4), view).Lines;
        var path = Path.Combine(Repository.Root, "docs", "images", "watch.svg");
        Golden.MatchesFile(path, SvgPicture.Of(lines, view.Width, "rxkube watch cache -n prod"));
    }
}
