using System.Text.Json;
using Rx.Kube.RealServer.Tests.Server;
using Xunit.Abstractions;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>etcd is restored from a backup: versions go back, and what was seen may never have happened.</summary>
public sealed class RestoreTests(RealApiServer server, ITestOutputHelper output) : IClassFixture<RealApiServer>
{
    // The long form has the defaults: the first audit is a minute after the watch was opened again and stayed silent.
    private static readonly ResumeOptions _options = LongRun.IsOn ? new() : new() { AuditInterval = TimeSpan.FromSeconds(4) };

    private static readonly TimeSpan _bound = LongRun.IsOn ? TimeSpan.FromSeconds(90) : TimeSpan.FromSeconds(20);

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_restored_backup_is_said_to_be_a_state_that_went_back_and_is_adopted()
    {
        await using var watched = await Watched.StartAsync(server, "restored", options: _options);
        string backup = "";
        await watched.Slices.PauseForAsync(isRestored: false, async () => backup = await server.BackUpAsync());
        await watched.ChangeAsync(30);
        await watched.CatchUpAsync(Watched.Soon);
        var before = watched.Slices.Present("restored");

        await watched.Slices.PauseForAsync(isRestored: true, async () =>
        {
            server.KillServer();
            await server.RestoreAsync(backup);
            await server.StartServerAsync();
        });
        Assert.NotEqual(before, watched.Slices.Present("restored"));
        var noticed = await watched.CatchUpAsync(_bound);

        output.WriteLine($"noticed and adopted {noticed.TotalSeconds:0.0} s after the restart, audits every {_options.AuditInterval}");
        watched.AssertRight();
        Assert.Equal(Continuity.WentBack, watched.Client.Lists[^1]);
        Assert.Equal(Continuity.WentBack, watched.Client.Latest!.Continuity);
        await watched.ChangeAsync(5);
        await watched.CatchUpAsync(Watched.Soon); // the watch is open again
    }

    /// <summary>
    /// The blind spot: a server with a watch cache answers lists and watches from it, so after a restore under a running server they show
    /// the state before. Only a GET by name reads etcd. The client can know no more than the lists; it does once the server restarts.
    /// </summary>
    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_backup_that_is_restored_under_a_running_server_is_visible_after_its_restart_only()
    {
        await using var watched = await Watched.StartAsync(server, "under", options: _options);
        string backup = "";
        await watched.Slices.PauseForAsync(isRestored: false, async () => backup = await server.BackUpAsync());
        using var admin = server.Client();
        var manifest = Watch.SliceManifest.Of("under-z", "under", 1, 2);
        (await admin.PostAsync(server.SlicesPath, new StringContent(manifest, null, "application/json"))).EnsureSuccessStatusCode();
        await WatchingClient.WaitUntilAsync(HasNew, Watched.Soon, () => "the new slice is missing");

        await server.RestoreAsync(backup);
        await WatchingClient.WaitUntilAsync(() => !Exists().GetAwaiter().GetResult(), Watched.Soon, () => "etcd was not restored");
        await Task.Delay(TimeSpan.FromSeconds(7)); // longer than the longest interval between two audits of the short form

        Assert.Contains("under-z", await ListedAsync()); // the server itself says so
        Assert.True(HasNew());
        Assert.True(watched.Client.Latest!.Freshness.IsLive);

        await watched.Slices.PauseForAsync(isRestored: true, () => server.RestartAsync());
        await watched.CatchUpAsync(_bound);

        Assert.False(HasNew());
        Assert.Equal(Continuity.WentBack, watched.Client.Lists[^1]);

        bool HasNew() => watched.Client.Latest!.Endpoints.Any(e => e.Slice == "under-z");
        async Task<bool> Exists() => (await admin.GetAsync($"{server.SlicesPath}/under-z")).IsSuccessStatusCode;
        async Task<string[]> ListedAsync()
        {
            using var json = JsonDocument.Parse(await admin.GetStringAsync(server.SlicesPath));
            return [
                .. json.RootElement.GetProperty("items").EnumerateArray()
                    .Select(i => i.GetProperty("metadata").GetProperty("name").GetString()!),
            ];
        }
    }
}
