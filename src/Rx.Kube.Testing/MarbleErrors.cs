using System.Collections;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rx.Kube.Testing;

/// <summary>
/// The errors that a diagram can name: <c>#gone</c> is the error with the name <c>gone</c>, a plain <c>#</c> the error with the empty name.
/// An exception converts implicitly to a set of errors in which it is the error of a plain <c>#</c>.
/// </summary>
public sealed class MarbleErrors : IEnumerable<KeyValuePair<string, Exception>>
{
    private readonly Dictionary<string, Exception> _errors = new(StringComparer.Ordinal);

    /// <summary>
    /// Gets the errors of a Kubernetes API server and of the connection to it: <c>#gone</c> (410), <c>#throttled</c> (429),
    /// <c>#unauthorized</c> (401), <c>#forbidden</c> (403), <c>#notfound</c> (404), <c>#conflict</c> (409), <c>#internal</c> (500),
    /// <c>#unavailable</c> (503), <c>#toolarge</c> (504 with the cause ResourceVersionTooLarge), <c>#unreachable</c>, <c>#untrusted</c>,
    /// <c>#protocol</c>, <c>#config</c>; a plain <c>#</c> is a broken connection. Every call creates new exceptions.
    /// </summary>
    public static MarbleErrors Kubernetes => new()
    {
        { "", new KubeTransportException("the connection broke") },
        { "gone", Status(410, "Expired", "too old resource version") },
        { "throttled", Status(429, "TooManyRequests", "too many requests") },
        { "unauthorized", Status(401, "Unauthorized", "the credentials were refused") },
        { "forbidden", Status(403, "Forbidden", "a permission is missing") },
        { "notfound", Status(404, "NotFound", "the resource is not there") },
        { "conflict", Status(409, "Conflict", "the object has changed") },
        { "internal", Status(500, "InternalError", "the server failed") },
        { "unavailable", Status(503, "ServiceUnavailable", "the server is not ready") },
        { "toolarge", Status(504, "Timeout", "too large resource version", "ResourceVersionTooLarge") },
        { "unreachable", new KubeTransportException("the server could not be reached") },
        { "untrusted", new KubeTransportException("the server's certificate was refused", isUntrusted: true) },
        { "protocol", new KubeProtocolException("the server sent what is not the protocol") },
        { "config", new KubeConfigurationException("the token file is gone") },
    };

    /// <summary>
    /// Gets the errors of an HTTP connection, as <see cref="HttpClient"/> throws them: <c>#refused</c>, <c>#unresolved</c> (the host name),
    /// <c>#untrusted</c> (the certificate), <c>#reset</c> (in the middle of a body). Every call creates new exceptions.
    /// </summary>
    public static MarbleErrors Http => new()
    {
        {
            "refused", new HttpRequestException(
                HttpRequestError.ConnectionError, "Connection refused", new SocketException((int)SocketError.ConnectionRefused))
        },
        {
            "unresolved", new HttpRequestException(
                HttpRequestError.NameResolutionError, "Name or service not known", new SocketException((int)SocketError.HostNotFound))
        },
        {
            "untrusted", new HttpRequestException(
                HttpRequestError.SecureConnectionError, "The SSL connection could not be established",
                new AuthenticationException("The remote certificate is invalid"))
        },
        { "reset", new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely") },
    };

    /// <summary>Gets or sets the error of a name.</summary>
    /// <param name="name">The name, of ASCII letters, digits and underscores; empty for a plain <c>#</c>.</param>
    /// <returns>The error.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name has other characters, so it cannot appear in a diagram.</exception>
    /// <exception cref="KeyNotFoundException">There is no error with that name.</exception>
    public Exception this[string name]
    {
        get => _errors[name];
        set
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(value);
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new ArgumentException("A name consists of ASCII letters, digits and underscores", nameof(name));
            }

            _errors[name] = value;
        }
    }

    /// <summary>Converts an exception to a set of errors in which it is the error of a plain <c>#</c>.</summary>
    /// <param name="error">The exception.</param>
    public static implicit operator MarbleErrors(Exception error) => FromException(error);

    /// <summary>Creates a set of errors in which an exception is the error of a plain <c>#</c>.</summary>
    /// <param name="error">The exception.</param>
    /// <returns>The errors.</returns>
    public static MarbleErrors FromException(Exception error) => new() { [""] = error };

    /// <summary>Adds an error, or replaces the error with the same name.</summary>
    /// <param name="name">The name, of ASCII letters, digits and underscores; empty for a plain <c>#</c>.</param>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name has other characters, so it cannot appear in a diagram.</exception>
    public void Add(string name, Exception error) => this[name] = error;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Exception>> GetEnumerator() => _errors.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Exception? Find(string name) => _errors.GetValueOrDefault(name);

    private static KubeStatusException Status(int code, string reason, string message, params string[] causes) =>
        new(message, new KubeStatus(code, reason, message, [.. causes]));
}
