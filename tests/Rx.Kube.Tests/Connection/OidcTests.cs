using System.Reactive.Concurrency;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>The auth-provider oidc, which kubectl still has.</summary>
public sealed class OidcTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_id_token_is_used_until_ten_seconds_before_it_expires()
    {
        var token = Jwt(TimeSpan.FromMinutes(10));
        var source = Load(token);

        Assert.Equal($"Bearer {token}", (await source.GetAsync(default)).Authorization!.ToString());
        _clock.AdvanceBy(TimeSpan.FromSeconds(589));
        Assert.Equal($"Bearer {token}", (await source.GetAsync(default)).Authorization!.ToString());
        _clock.AdvanceBy(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.StartsWith(
            $"The id-token of user \"u\" in {_folder["config"]} expired at 2030-01-01 00:10:00Z", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix: log in again", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_kubectl_has_refreshed_is_read_when_the_old_one_expires()
    {
        var source = Load(Jwt(TimeSpan.FromMinutes(10)));
        await source.GetAsync(default);
        var fresh = Jwt(TimeSpan.FromMinutes(30));
        Write(fresh);
        _clock.AdvanceBy(TimeSpan.FromMinutes(10));

        Assert.Equal(fresh, (await source.GetAsync(default)).Authorization!.Parameter);
    }

    [Fact]
    public async Task A_token_that_kubectl_has_refreshed_is_read_after_a_401()
    {
        var source = Load(Jwt(TimeSpan.FromMinutes(10)));
        var first = await source.GetAsync(default);
        source.Refused(first);
        Assert.Same(first, await source.GetAsync(default));
        var fresh = Jwt(TimeSpan.FromMinutes(30));
        Write(fresh);
        Assert.Same(first, await source.GetAsync(default));
        source.Refused(first);

        Assert.Equal(fresh, (await source.GetAsync(default)).Authorization!.Parameter);
    }

    [Theory]
    [InlineData(-62_135_596_800)] // 0001-01-01
    [InlineData(-62_135_596_795)]
    [InlineData(0)]
    public async Task A_token_that_expired_at_the_first_of_all_times_is_told_as_any_other(long seconds)
    {
        var source = Load(Jwt(DateTimeOffset.FromUnixTimeSeconds(seconds) - _clock.Now));

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.Contains(" expired at ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_expires_at_the_last_of_all_times_is_used()
    {
        var token = Jwt(DateTimeOffset.FromUnixTimeSeconds(253_402_300_799) - _clock.Now);

        Assert.Equal(token, (await Load(token).GetAsync(default)).Authorization!.Parameter);
    }

    private string Jwt(TimeSpan life)
    {
        var payload = $$"""{"sub":"alice","exp":{{(_clock.Now + life).ToUnixTimeSeconds()}}}""";
        return $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.c2ln";
    }

    private CredentialSource Load(string token)
    {
        Write(token);
        var options = TestOptions.With(new() { ["KUBECONFIG"] = _folder["config"] }, scheduler: _clock);
        return KubeconfigLoader.Load(options, default).Credentials;
    }

    private void Write(string token) => _folder.Write("config", ConfigText.Of(
        "server: https://s", $"auth-provider: {{name: oidc, config: {{client-id: x, idp-issuer-url: 'https://i', id-token: {token}}}}}"));
}
