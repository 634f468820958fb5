using System.Reactive.Concurrency;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Credentials in files, read while requests wait and servers refuse.</summary>
public sealed class FileCredentialsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_refusal_while_the_file_is_read_leads_to_another_read()
    {
        var reads = new List<Action>();
        var options = TestOptions.With(scheduler: _clock);
        _folder.Write("token", "t1");
        var source = new TokenFileCredentials(_folder["token"], "the token file", "To fix: x.", options with
        {
            Environment = options.Environment with
            {
                OffThread = read =>
                {
                    var (result, done) = (read(), new TaskCompletionSource<Credential>());
                    reads.Add(() => done.SetResult(result));
                    return done.Task;
                },
            },
        });
        var first = await source.GetAsync(default);
        _clock.AdvanceBy(TimeSpan.FromMinutes(1));

        var due = source.GetAsync(default).AsTask(); // its read has the old token
        _folder.Write("token", "t2");
        source.Refused(first);
        var afterRefusal = source.GetAsync(default).AsTask();
        Assert.Single(reads);
        reads[0]();
        Assert.True(SpinWait.SpinUntil(() => reads.Count == 2, TimeSpan.FromSeconds(10))); // those who wait go on on another thread
        Assert.False(afterRefusal.IsCompleted);
        Assert.Equal(2, reads.Count); // one read, for both
        reads[1]();

        Assert.Equal("t2", (await afterRefusal).Authorization!.Parameter);
        Assert.Equal("t2", (await due).Authorization!.Parameter);
        Assert.Same(await due, await source.GetAsync(default));
    }

    [Fact]
    public void What_waits_is_named_whichever_of_two_it_is()
    {
        Assert.Equal("the certificate", new CombinedCredentials(new Waiting("the certificate"), new Waiting(null)).WaitingFor);
        Assert.Equal("the plugin", new CombinedCredentials(new Waiting(null), new Waiting("the plugin")).WaitingFor);
        Assert.Null(new CombinedCredentials(new Waiting(null), new Waiting(null)).WaitingFor);
    }

    private sealed class Waiting(string? what) : CredentialSource
    {
        public override string Description => "";

        public override string? WaitingFor => what;

        public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => new(Credential.Anonymous);
    }
}
