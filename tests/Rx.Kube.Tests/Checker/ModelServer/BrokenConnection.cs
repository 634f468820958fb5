namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>The errors of a connection that breaks.</summary>
internal static class BrokenConnection
{
    public static Exception Error(int form) => form switch
    {
        0 => new IOException("reset"),
        1 => new HttpProtocolException(2, "HTTP/2 INTERNAL_ERROR", null),
        _ => new HttpIOException(HttpRequestError.ResponseEnded, "the response ended prematurely"),
    };
}
