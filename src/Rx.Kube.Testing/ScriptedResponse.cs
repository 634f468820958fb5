using System.Net;
using System.Text;

namespace Rx.Kube.Testing;

/// <summary>
/// A response of a <see cref="ScriptedHttp"/>: a diagram of its body, whose frames count from the request; or any stream of bytes.
/// </summary>
/// <remarks>
/// A key stands for bytes, <c>|</c> for the end of the body, <c>#</c> for a broken connection; a body without an end remains open without
/// further data. The status and the headers arrive at the first frame, before anything else in that frame, with two exceptions: if the
/// first mark is an error, there is no response at all (<c>--#refused</c>); and a <c>^</c>, which takes a frame unless it is in a group,
/// marks when they arrive (<c>--^-a</c>, <c>--(^a|)</c>).
/// </remarks>
public sealed class ScriptedResponse
{
    private readonly MarbleValues<byte[]>? _chunks;

    /// <summary>Creates a response from text, sent as UTF-8.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="chunks">The text of each key, including its line endings.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Http"/>.</param>
    /// <exception cref="ArgumentNullException">The diagram or the chunks are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public ScriptedResponse(string diagram, IReadOnlyDictionary<char, string> chunks, MarbleErrors? errors = null)
        : this(diagram, new MarbleValues<byte[]>(Utf8(chunks), errors ?? MarbleErrors.Http))
    {
    }

    /// <summary>Creates a response from bytes.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="chunks">Returns the bytes of a key.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Http"/>.</param>
    /// <exception cref="ArgumentNullException">The diagram or the chunks are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public ScriptedResponse(string diagram, Func<char, byte[]> chunks, MarbleErrors? errors = null)
        : this(diagram, new MarbleValues<byte[]>(chunks, errors ?? MarbleErrors.Http))
    {
    }

    /// <summary>
    /// Creates a response whose body is a stream, for a server whose response depends on the run. Faults can be composed with Rx operators:
    /// cut the stream with <c>TakeUntil</c> and <c>Throw</c>, split its chunks with <c>SelectMany</c>, delay it with <c>Delay</c>.
    /// </summary>
    /// <param name="body">
    /// The stream of chunks. It is subscribed to from the arrival of the headers until the request is over. Its completion ends the body,
    /// and its error breaks the connection (as <c>MarbleErrors.Http["reset"]</c> does). It must emit on the thread that runs the clock.
    /// </param>
    /// <param name="after">The time from the request to the headers, in milliseconds.</param>
    /// <exception cref="ArgumentNullException">The body is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative.</exception>
    public ScriptedResponse(IObservable<byte[]> body, int after = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        (Body, Tokens) = (body, [new(MarbleKind.Start, after)]);
    }

    private ScriptedResponse(string diagram, MarbleValues<byte[]> chunks)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        (Diagram, _chunks) = (diagram, chunks);
        Tokens = MarbleParser.Answer(diagram);

        // A mistake in a script is reported when the script is created, not when it is played.
        foreach (var token in Tokens)
        {
            _ = token.Kind == MarbleKind.Next ? Bytes(token) : null;
            _ = token.Kind == MarbleKind.Error ? Error(token, isOpen: false) : null;
        }
    }

    /// <summary>Gets the diagram; null if the body is a stream.</summary>
    public string? Diagram { get; }

    /// <summary>Gets the status. The default is 200.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>Gets the headers, including those of the content.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the predicate for the requests that this response may answer. The default accepts all requests.</summary>
    public Func<ScriptedRequest, bool> For { get; init; } = _ => true;

    internal List<MarbleToken> Tokens { get; }

    /// <summary>The body, where it is a stream; the tokens then only say when it opens.</summary>
    internal IObservable<byte[]>? Body { get; }

    /// <summary>Creates a response that arrives as a whole.</summary>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="status">The status.</param>
    /// <param name="after">The time from the request to the response, in milliseconds.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative.</exception>
    public static ScriptedResponse Of(string body, HttpStatusCode status = HttpStatusCode.OK, int after = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return new($"{after}ms (^b|)", new Dictionary<char, string> { ['b'] = body }) { Status = status };
    }

    /// <summary>Returns the status and the diagram: <c>200 "5ms ^ 800ms a-|"</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{(int)Status} {(Diagram is null ? "stream" : $"\"{Diagram}\"")}";

    /// <summary>The bytes of a chunk.</summary>
    internal byte[] Bytes(MarbleToken token) =>
        _chunks!.Value(Diagram!, token) ?? throw new MarbleFormatException(Diagram!, token.Column, $"There are no bytes for '{token.Key}'");

    /// <summary>The error of a <c>#</c>; if it may be any error, a refused or a reset connection.</summary>
    internal Exception Error(MarbleToken token, bool isOpen) =>
        _chunks!.Error(Diagram!, token) ?? MarbleErrors.Http[isOpen ? "reset" : "refused"];

    private static Dictionary<char, byte[]> Utf8(IReadOnlyDictionary<char, string> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return chunks.ToDictionary(c => c.Key, c => Encoding.UTF8.GetBytes(c.Value));
    }
}
