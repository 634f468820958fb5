using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Rx.Kube.Tests.Connection.Outside;

/// <summary>What becomes of text from outside: redacted, then escaped, then cut.</summary>
public class OutsideTextTests
{
    private const string Token = "Xq7vK2mZp9Lw4RtYc8Bn";

    [Fact]
    public void A_secret_is_replaced_and_the_words_around_it_stay()
    {
        Assert.Equal("you sent 'Bearer ***', which is not valid", Knowing(Token).Of($"you sent 'Bearer {Token}', which is not valid"));
        Assert.Equal("*** and ***", Knowing(Token).Of($"{Token} and {Token}"));
        Assert.Equal("***", Knowing(Token).Of(Token + Token));
    }

    [Fact]
    public void Text_without_a_secret_is_the_same_object()
    {
        const string Text = "pods is forbidden: User \"system:serviceaccount:prod:web\" cannot list resource \"pods\"";

        Assert.False(Knowing(Token).HasSecret(Text));
        Assert.Equal(Text, Knowing(Token).Of(Text));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    public void A_piece_of_a_secret_is_one_from_eight_characters_on(int length, bool isPiece)
    {
        foreach (var piece in (string[])[Token[..length], Token[^length..], Token.Substring(3, length)])
        {
            Assert.Equal(isPiece ? "a-***" : $"a-{piece}", Knowing(Token).Of($"a-{piece}"));
        }
    }

    [Theory]
    [InlineData("tiger", "a tiger, tigers, untigered", "a tiger, tigers, untigered")]
    [InlineData("tigers", "a tigers, (TIGERS) utigersu tigers1", "a ***, (***) utigersu tigers1")]
    [InlineData("leopard", "a leopard, leopards and leopard", "a ***, leopards and ***")]
    [InlineData("panthers", "a panthers, panthersx", "a ***, ***x")]
    public void A_short_secret_is_a_whole_word_and_a_shorter_one_is_none(string secret, string text, string expected) =>
        Assert.Equal(expected, Knowing(secret).Of(text));

    [Fact]
    public void A_cut_comes_after_the_redaction_and_the_escape()
    {
        var outside = Knowing(Token);

        Assert.Equal("abcdef***\\u{1b}…", outside.Of($"abcdef{Token}\u001b[1m", 15));
        Assert.Equal("abcdef***…", outside.Of($"abcdef{Token}\u001b[1m", 14));
        Assert.Equal("abcdef***…", outside.Of($"abcdef{Token}ghijkl", 9));
    }

    [Fact]
    public void A_second_pass_changes_nothing()
    {
        var outside = Knowing(Token);
        for (var max = 1; max < 40; max++)
        {
            var once = outside.Of($"ab\u001b{Token}\u202ecd\ud83d\ude00{Token}efgh", max);

            Assert.Equal(once, outside.Of(once, max));
            Assert.InRange(once.Length, 0, max + 1);
        }
    }

    [Theory]
    [InlineData(OutsideText.MaxSecrets - 1, true)]
    [InlineData(OutsideText.MaxSecrets, false)]
    [InlineData(OutsideText.MaxSecrets + 1, false)]
    public void Of_many_secrets_the_newest_are_kept(int newer, bool isKept)
    {
        var outside = Knowing(Token);
        for (var i = 0; i < newer; i++)
        {
            outside.Note(string.Create(CultureInfo.InvariantCulture, $"newer-secret-{i}"));
        }

        Assert.Equal(isKept, outside.HasSecret(Token));
    }

    [Fact]
    public void Secrets_of_the_configuration_outlast_any_number_of_tokens()
    {
        var outside = new OutsideText();
        outside.NoteProxy(new Uri("http://me:proxysecret99@proxy:3128"));
        outside.NoteLasting("client-key-secret");
        for (var i = 0; i < OutsideText.MaxSecrets * 2; i++)
        {
            outside.Note(string.Create(CultureInfo.InvariantCulture, $"newer-token-{i}"));
        }

        Assert.Equal("bad login *** with ***", outside.Of("bad login proxysecret99 with client-key-secret"));
    }

    [Theory]
    [InlineData("GITHUB_TOKEN", true)]
    [InlineData("X-Api-Key", true)]
    [InlineData("AZURE_FEDERATED_TOKEN_FILE", false)]
    [InlineData("TOKEN_URL", false)]
    [InlineData("SECRET_PATH", false)]
    public void A_name_that_ends_in_a_place_is_no_name_of_a_secret(string name, bool isSecret) =>
        Assert.Equal(isSecret, OutsideText.IsSecret(name));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_very_long_secret_is_known_up_to_its_limit(int beyond, bool isKnown)
    {
        var random = new Random(1);
        var secret = string.Concat(Enumerable.Range(0, OutsideText.MaxSecretLength + 8).Select(_ => (char)('a' + random.Next(26))));

        Assert.Equal(isKnown, Knowing(secret).HasSecret(secret.Substring(OutsideText.MaxSecretLength - 8 + beyond, 8)));
    }

    [Fact]
    public void The_name_of_a_user_is_no_secret_unless_there_is_no_password()
    {
        var outside = new OutsideText();
        outside.NoteProxy(new Uri("http://kubernetes-admin:p%40ssw0rd-Zq@proxy"));

        Assert.Equal("kubernetes-admin:***", outside.Of("kubernetes-admin:p@ssw0rd-Zq"));
        outside.NoteProxy(new Uri($"http://{Token}@proxy"));
        Assert.Equal("***", outside.Of(Token));
    }

    [Fact]
    public void An_exception_with_nothing_to_hide_is_the_same_object()
    {
        var error = new KubeTransportException("a", innerException: new HttpRequestException("b", new IOException("c")));
        var own = new OwnException();

        Assert.Same(error, Knowing(Token).Of(error));
        Assert.Same(own, Knowing(Token).Of(own));
    }

    [Fact]
    public void A_copy_of_an_exception_has_its_type_and_its_codes_and_no_secret()
    {
        var outside = Knowing(Token);
        var io = new IOException(Token, new SocketException((int)SocketError.ConnectionReset, Token)) { HResult = 42 };
        var http = new HttpRequestException(HttpRequestError.InvalidResponse, Token, io, HttpStatusCode.BadGateway);

        var copy = Assert.IsType<KubeTransportException>(outside.Of(new KubeTransportException($"x {Token}", true, http)));

        Assert.True(copy.IsUntrusted);
        Assert.Equal("x ***", copy.Message);
        var inner = Assert.IsType<HttpRequestException>(copy.InnerException);
        Assert.Equal((HttpRequestError.InvalidResponse, HttpStatusCode.BadGateway), (inner.HttpRequestError, inner.StatusCode));
        Assert.Equal(42, Assert.IsType<IOException>(inner.InnerException).HResult);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(inner.InnerException!.InnerException).SocketErrorCode);
        Assert.DoesNotContain(Token, copy.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<Exception> Kinds() =>
    [
        new KubeStatusException("m", new KubeStatus(500, Token, Token, [Token])),
        new KubeForbiddenException(
            new Uri($"https://{Token.ToLowerInvariant()}.example"), new MissingPermission("watch", "", "pods", "prod"),
            new KubeStatus(403, "Forbidden", "m", [])),
        new KubeConfigurationException(Token),
        new KubeProtocolException(Token),
        new WatchSilentException(Token),
        new HttpIOException(HttpRequestError.ResponseEnded, Token),
        new TaskCanceledException(Token),
        new OperationCanceledException(Token),
        new ObjectDisposedException(null, Token),
        new JsonException(Token, $"$.{Token}", 1, 2),
        new System.Security.Authentication.AuthenticationException(Token),
        new TimeoutException(Token),
        new UnauthorizedAccessException(Token),
        new IOException("\u001b"),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_type_of_a_known_exception_stays(Exception error)
    {
        var copy = Knowing(Token).Of(error);

        Assert.NotSame(error, copy);
        Assert.IsType(error.GetType(), copy);
        var shown = $"{copy} {(copy as KubeStatusException)?.Status} {(copy as JsonException)?.Path}";
        Assert.DoesNotContain(Token, shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', copy.ToString());
        Assert.Same(copy, Knowing(Token).Of(copy));
    }

    [Fact]
    public void What_an_unknown_exception_shows_besides_its_message_is_hidden_too()
    {
        var copy = Knowing(Token).Of(new TalkativeException());

        Assert.DoesNotContain(Token, copy.ToString(), StringComparison.Ordinal);
        Assert.Equal($"{typeof(TalkativeException).FullName}: quiet", copy.Message);
    }

    private static OutsideText Knowing(string secret)
    {
        var outside = new OutsideText();
        outside.Note(secret);
        return outside;
    }

    private sealed class OwnException() : Exception("the application's text\nhas lines");

    private sealed class TalkativeException() : Exception("quiet")
    {
        public override string ToString() => Token;
    }
}
