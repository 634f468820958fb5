using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>Takes the place of an exception of another type whose text had something to hide.</summary>
internal sealed class OutsideException : Exception
{
    private OutsideException(Type type, string message, Exception? inner)
        : base($"{type.FullName}: {message}", inner)
    {
    }

    /// <summary>Makes an exception safe, from the innermost one outward.</summary>
    /// <returns>The same object, if neither its text nor that of an inner exception had anything to hide.</returns>
    public static Exception Clean(Exception exception, OutsideText text)
    {
        var inner = exception.InnerException is { } cause ? Clean(cause, text) : null;
        var message = text.Of(exception.Message, OutsideText.MaxMessage, HasLines(exception));
        return ReferenceEquals(inner, exception.InnerException) && message == exception.Message && IsClean(exception, text)
            ? exception
            : Copy(exception, message, inner, text);
    }

    // The text of .NET is one line, and some of it quotes the peer. The library and the application write lines of their own.
    private static bool HasLines(Exception exception) => !IsOfNet(exception);

    private static bool IsOfNet(Exception exception) =>
        exception.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    // ToString of these shows the type, the message, the inner exception and the stack trace. It is slow because of the last.
    private static bool ShowsMore(Exception exception) => IsOfNet(exception)
        ? exception is AggregateException or FileNotFoundException or FileLoadException
        : exception.GetType().Assembly != typeof(OutsideException).Assembly;

    private static bool IsClean(Exception exception, OutsideText text)
    {
        if (exception is KubeStatusException { Status: var status } && text.Of(status) != status)
        {
            return false;
        }

        if (!ShowsMore(exception))
        {
            return true;
        }

        var shown = exception.ToString();
        return !text.HasSecret(shown) && !shown.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t'));
    }

    private static Exception Copy(Exception exception, string message, Exception? inner, OutsideText text) => exception switch
    {
        KubeStatusException e => e.With(message, text.Of(e.Status)),
        KubeTransportException e => new KubeTransportException(message, e.IsUntrusted, inner),
        KubeConfigurationException => new KubeConfigurationException(message, inner),
        KubeProtocolException => new KubeProtocolException(message, inner),
        WatchSilentException => new WatchSilentException(message),
        HttpIOException e => new HttpIOException(e.HttpRequestError, WithoutError(message, e.HttpRequestError), inner),
        HttpRequestException e => new HttpRequestException(e.HttpRequestError, message, inner, e.StatusCode),
        SocketException e => new SocketException((int)e.SocketErrorCode, message),
        TaskCanceledException e => new TaskCanceledException(message, inner, e.CancellationToken),
        OperationCanceledException e => new OperationCanceledException(message, inner, e.CancellationToken),
        ObjectDisposedException => new ObjectDisposedException(message, inner),
        JsonException e => new JsonException(message, e.Path is null ? null : text.Of(e.Path), e.LineNumber, e.BytePositionInLine, inner),
        AuthenticationException => new AuthenticationException(message, inner),
        TimeoutException => new TimeoutException(message, inner),
        UnauthorizedAccessException => new UnauthorizedAccessException(message, inner),
        IOException e => new IOException(message, inner) { HResult = e.HResult },
        _ => new OutsideException(exception.GetType(), message, inner),
    };

    /// <summary>Gets the text of an <see cref="HttpIOException"/>, whose message ends with the error.</summary>
    public static string WithoutError(string message, HttpRequestError error)
    {
        var end = $" ({error})";
        return message.EndsWith(end, StringComparison.Ordinal) ? message[..^end.Length] : message;
    }
}
