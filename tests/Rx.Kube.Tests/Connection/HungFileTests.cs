using System.Diagnostics;
using System.Net;
using System.Reactive.Concurrency;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>A file that hangs (a pipe without a writer, a dead network file system) delays, and does not stop anything.</summary>
public sealed class HungFileTests : IDisposable
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(300);
    private static ConnectionLimits Short { get; } = new() { MaxFileTime = _short };
    private readonly TempFolder _folder = new();
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pipe_that_is_written_in_time_is_read_and_one_that_is_not_is_an_error_that_says_so()
    {
        _folder.Pipe("pipe");
        var writing = Task.Factory.StartNew(() => _folder.Write("pipe", "late"), TaskCreationOptions.LongRunning);
        Assert.Equal(
            "late"u8.ToArray(),
            ConfigFile.Read(_folder["pipe"], "the token file", "To fix: x.", new() { MaxFileTime = TimeSpan.FromSeconds(10) }));
        await writing;

        var error = Assert.Throws<KubeConfigurationException>(
            () => ConfigFile.Read(_folder["pipe"], "the token file", "To fix: x.", Short));
        Assert.Equal(
            $"The token file {_folder["pipe"]} was not read within 0.3 s. "
            + "It is a pipe without a writer, or its file system does not answer. To fix: x. "
            + "If it needs longer, raise ConnectionLimits.MaxFileTime.",
            error.Message);
    }

    [Fact]
    public void A_file_that_replaces_one_that_hangs_is_read()
    {
        _folder.Pipe("pipe");
        Assert.Throws<KubeConfigurationException>(() => ConfigFile.Read(_folder["pipe"], "it", "", Short));
        File.Delete(_folder["pipe"]);
        _folder.Write("pipe", "now");
        Assert.Equal("now"u8.ToArray(), ConfigFile.Read(_folder["pipe"], "it", "", Short));
    }

    [Fact]
    public async Task A_token_file_that_hangs_is_named_the_last_token_serves_on_and_a_401_makes_it_an_error()
    {
        _folder.Write("token", "t1");
        var source = new TokenFileCredentials(
            _folder["token"], "the token file", "To fix: x.", TestOptions.With(scheduler: _clock) with { Limits = Short });
        var first = await source.GetAsync(default);
        _folder.Pipe("token");
        _clock.AdvanceBy(TimeSpan.FromMinutes(1));

        var asked = Stopwatch.StartNew();
        var waiting = source.GetAsync(default).AsTask();
        using var cancellation = new CancellationTokenSource();
        var cancelled = source.GetAsync(cancellation.Token).AsTask();
        source.Refused(Credential.Anonymous); // no lock is held meanwhile
        Assert.Equal($"the token file {_folder["token"]}", source.WaitingFor);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Same(first, await waiting);
        Assert.InRange(asked.Elapsed, _short / 2, TimeSpan.FromSeconds(10));

        source.Refused(first);
        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());
        Assert.StartsWith($"The token file {_folder["token"]} was not read within 0.3 s", error.Message, StringComparison.Ordinal);

        File.Delete(_folder["token"]);
        _folder.Write("token", "t2");
        var recovered = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Assert.Equal("t2", (await source.GetAsync(default)).Authorization!.Parameter);
                break;
            }
            catch (KubeConfigurationException) when (recovered.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(200);
            }
        }
    }

    [Fact]
    public void A_token_file_that_hangs_when_the_token_is_refused_is_the_cause_of_staleness()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock)
        {
            Responses = [ScriptedResponse.Of(SliceJson.List("17", Slice.Of("a", "cache", 17))), new("^ 1999ms |", _ => [])],
            Answer = _ => ScriptedResponse.Of("{}", HttpStatusCode.Unauthorized),
        };
        _folder.Write("token", "t1");
        var config = _folder.Write("config", ConfigText.Of("server: https://kube", "tokenFile: token"));
        using var kube = KubeConnection.FromKubeconfig(config, options: new()
        {
            Scheduler = clock,
            Environment = KubeEnvironment.OfProcess.WithoutThreads() with { Network = _ => http },
            Limits = Short,
        });
        var seen = new List<ServiceTopology>();
        using var watching = kube.EndpointSlices("default", "cache")
            .Resume(ResumeOptions.WithoutJitter with { StreamingLists = false }, clock).ToTopology().Subscribe(seen.Add);
        clock.AdvanceTo(TimeSpan.FromSeconds(1));
        Assert.True(seen[^1].Freshness.IsLive);
        _folder.Pipe("token");
        clock.AdvanceTo(TimeSpan.FromSeconds(5));

        var cause = Assert.IsType<Freshness.Stale>(seen[^1].Freshness).Interruption;
        Assert.StartsWith("The token file of user \"u\" in ", cause.Message, StringComparison.Ordinal);
        Assert.Contains("was not read within 0.3 s. It is a pipe", cause.Message, StringComparison.Ordinal);
    }
}
