using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The one place through which text from outside (a server, a proxy, an exec plugin, a file, an exception of the HTTP library) passes on
/// its way to a message. First the secrets of this connection are redacted, then control and format characters are escaped, then the text
/// is cut. Thread-safe. The secrets are noted when they are used, and text is searched for them only when a message is made.
/// </summary>
internal sealed class OutsideText
{
    // An older token may still be in use by a watch that is open. Callbacks may make a new one for each request.
    internal const int MaxSecrets = 16;
    internal const int MaxSecretLength = 16 * 1024;
    internal const int MaxMessage = 8 * 1024;
    internal const int MaxInput = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly bool _isOwned;
    private volatile Known _known = new([], []);

    /// <summary>Creates the text of a new connection.</summary>
    public OutsideText()
        : this(isOwned: true)
    {
    }

    private OutsideText(bool isOwned) => _isOwned = isOwned;

    /// <summary>Gets the text of no connection: it has no secrets, and only escapes and cuts.</summary>
    public static OutsideText Unowned { get; } = new(isOwned: false);

    /// <summary>Notes a secret that requests use: a token, which may rotate. Of many, the newest are kept.</summary>
    public void Note(string? secret) => Note(secret, isLasting: false);

    /// <summary>Notes a secret of the configuration, which lasts as long as the connection: no token takes its place.</summary>
    public void NoteLasting(string? secret) => Note(secret, isLasting: true);

    /// <summary>Notes the login of a proxy.</summary>
    public void NoteProxy(Uri? proxy)
    {
        if (proxy is not null && ProxyRoute.AuthorizationOf(proxy) is { } authorization)
        {
            NoteAuthorization(authorization, isLasting: true);
            NoteLasting(proxy.UserInfo.Split(':', 2)[^1]);
        }
    }

    /// <summary>Notes a private key in PEM.</summary>
    public void NoteKey(string? pem) => Note(pem is null ? null
        : string.Concat(pem.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith("--", StringComparison.Ordinal))));

    /// <summary>
    /// Notes the secrets in the headers of a request: those that this library sets, and those that an application's own client sets.
    /// </summary>
    public void Note(HttpRequestHeaders? headers)
    {
        foreach (var (name, values) in headers?.NonValidated ?? default)
        {
            foreach (var value in values)
            {
                switch (name.ToUpperInvariant())
                {
                    case "AUTHORIZATION" or "PROXY-AUTHORIZATION":
                        NoteAuthorization(value);
                        break;
                    case "COOKIE":
                        Array.ForEach(value.Split(';'), cookie => Note(cookie.Split('=', 2)[^1].Trim(' ', '"')));
                        break;
                    case var other when IsSecret(other):
                        Note(value);
                        break;
                }
            }
        }
    }

    /// <summary>
    /// Gets whether the name of a header or of an environment variable says that its value is a secret, and not the place of one.
    /// </summary>
    public static bool IsSecret(string name) =>
        !((string[])["FILE", "PATH", "DIR", "URL", "URI", "ENDPOINT"])
            .Any(place => name.EndsWith(place, StringComparison.OrdinalIgnoreCase))
        && ((string[])["TOKEN", "SECRET", "PASSWORD", "API-KEY", "APIKEY", "API_KEY", "ACCESS-KEY", "ACCESS_KEY", "JWT"])
        .Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets whether a text has a secret, or a piece of one.</summary>
    public bool HasSecret(string text) => !ReferenceEquals(Redact(text), text);

    /// <summary>Replaces each secret, and each piece of one, in a text that is not shown: it is neither escaped nor cut.</summary>
    public string Redacted(string text) => Redact(text);

    /// <summary>Makes a text safe for a message: redacts, then escapes, then cuts it.</summary>
    /// <param name="text">The text; null is empty.</param>
    /// <param name="max">The most characters, without the ellipsis of a cut.</param>
    /// <param name="lines">Whether line feeds are kept: for the whole message of an exception.</param>
    public string Of(string? text, int max = 300, bool lines = false)
    {
        text ??= "";
        return Printable.Of(Redact(text.Length <= MaxInput ? text : text[..MaxInput]), max, lines);
    }

    /// <summary>Makes the texts of a Status safe.</summary>
    public KubeStatus Of(KubeStatus status) => new(
        status.Code,
        Of(status.Reason, KubeStatusReader.MaxReason),
        Of(status.Message, KubeStatusReader.MaxMessage),
        [.. status.Causes.Select(cause => Of(cause, KubeStatusReader.MaxReason))]);

    /// <summary>
    /// Makes an exception safe, with its inner exceptions. Where there is nothing to hide it is the same object; otherwise a copy of the
    /// same type, if that is known, without a stack trace.
    /// </summary>
    public Exception Of(Exception exception) => OutsideException.Clean(exception, this);

    private string Redact(string text) => _known is { IsEmpty: false } known ? known.Pieces.Redact(text) : text;

    private void Note(string? secret, bool isLasting)
    {
        if (!_isOwned || secret is null || secret.Length < SecretPieces.Shortest)
        {
            return;
        }

        secret = secret.Length <= MaxSecretLength ? secret : secret[..MaxSecretLength];
        if (_known.Has(secret))
        {
            return; // as for almost every request
        }

        lock (_gate)
        {
            _known = _known.With(secret, isLasting);
        }
    }

    private void NoteAuthorization(string value, bool isLasting = false)
    {
        var parts = value.Split(' ', 2, StringSplitOptions.TrimEntries);
        Note(parts[^1], isLasting);
        if (parts is [var scheme, var login] && scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            var bytes = new byte[login.Length];
            if (Convert.TryFromBase64String(login, bytes, out var length))
            {
                // The password alone: the name of the user is no secret, and a 403 names it. Without a password, the name may be a token.
                var both = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
                Note(both[^1].Length > 0 ? both[^1] : both[0], isLasting);
            }
        }
    }

    private sealed class Known(ImmutableArray<string> lasting, ImmutableArray<string> recent)
    {
        private SecretPieces? _pieces;

        public bool IsEmpty => lasting.IsEmpty && recent.IsEmpty;

        public SecretPieces Pieces => _pieces ??= new SecretPieces([.. lasting, .. recent]);

        public bool Has(string secret) => recent.Contains(secret) || lasting.Contains(secret);

        public Known With(string secret, bool isLasting) => Has(secret) ? this
            : isLasting ? new([.. lasting, secret], recent)
            : new(lasting, [secret, .. recent.Take(MaxSecrets - 1)]);
    }
}
