using System.Net;
using System.Text;

namespace Rx.Kube.Testing;

/// <summary>
/// One answer of a <see cref="ScriptedHttp"/>: a diagram of its body, which begins when the request comes; or any stream of bytes.
/// </summary>
/// <remarks>
/// A key stands for bytes, <c>|</c> for the end of the body, <c>#</c> for a broken connection; what has no end stays silent. The status and
/// the headers come at the first frame, before anything else of that frame. Two diagrams are different: one whose first mark is an
/// error is never answered at all (<c>--#refused</c>); and a <c>^</c>, which takes a frame unless it stands in a group, says where they come
/// (<c>--^-a</c>, <c>--(^a|)</c>).
/// </remarks>
public sealed class ScriptedResponse
{
    private readonly MarbleValues<byte[]>? _chunks;

    /// <summary>Makes an answer of text, sent as UTF-8.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="chunks">The text of each key; line ends are its own business.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Http"/>.</param>
    /// <exception cref="ArgumentNullException">The diagram or the chunks are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public ScriptedResponse(string diagram, IReadOnlyDictionary<char, string> chunks, MarbleErrors? errors = null)
        : this(diagram, new MarbleValues<byte[]>(Utf8(chunks), errors ?? MarbleErrors.Http))
    {
    }

    /// <summary>Makes an answer of bytes.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="chunks">Gives the bytes of a key.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Http"/>.</param>
    /// <exception cref="ArgumentNullException">The diagram or the chunks are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public ScriptedResponse(string diagram, Func<char, byte[]> chunks, MarbleErrors? errors = null)
        : this(diagram, new MarbleValues<byte[]>(chunks, errors ?? MarbleErrors.Http))
    {
    }

    /// <summary>
    /// Makes an answer whose body is a stream: what a server says that does not know beforehand what it will. Its faults can be composed: cut
    /// it with <c>TakeUntil</c> and <c>Throw</c>, cut its chunks with <c>SelectMany</c>, hold it back with <c>Delay</c>.
    /// </summary>
    /// <param name="body">
    /// The chunks; subscribed to when the headers come, and until the request is over. Its end is the end of the body, its error breaks the
    /// connection (as <c>MarbleErrors.Http["reset"]</c> does). It must speak on the thread that runs the clock.
    /// </param>
    /// <param name="after">How long after the request the headers come, in milliseconds.</param>
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

        // What is wrong with a script is said when it is written, not when it is played.
        foreach (var token in Tokens)
        {
            _ = token.Kind == MarbleKind.Next ? Bytes(token) : null;
            _ = token.Kind == MarbleKind.Error ? Error(token, isOpen: false) : null;
        }
    }

    /// <summary>The diagram; null if the body is a stream.</summary>
    public string? Diagram { get; }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>The headers, those of the content as well.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Which requests this may answer; all, unless said.</summary>
    public Func<ScriptedRequest, bool> For { get; init; } = _ => true;

    internal List<MarbleToken> Tokens { get; }

    /// <summary>The body, where it is a stream; then the tokens only say when it begins.</summary>
    internal IObservable<byte[]>? Body { get; }

    /// <summary>Makes an answer that comes whole.</summary>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="status">The status.</param>
    /// <param name="after">How long after the request, in milliseconds.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative.</exception>
    public static ScriptedResponse Of(string body, HttpStatusCode status = HttpStatusCode.OK, int after = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return new($"{after}ms (^b|)", new Dictionary<char, string> { ['b'] = body }) { Status = status };
    }

    /// <summary>The status and the diagram: <c>200 "5ms ^ 800ms a-|"</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{(int)Status} {(Diagram is null ? "stream" : $"\"{Diagram}\"")}";

    /// <summary>The bytes of a chunk.</summary>
    internal byte[] Bytes(MarbleToken token) =>
        _chunks!.Value(Diagram!, token) ?? throw new MarbleFormatException(Diagram!, token.Column, $"There are no bytes for '{token.Key}'");

    /// <summary>The error of a <c>#</c>; for one of no particular kind it is a refused or a reset connection.</summary>
    internal Exception Error(MarbleToken token, bool isOpen) =>
        _chunks!.Error(Diagram!, token) ?? MarbleErrors.Http[isOpen ? "reset" : "refused"];

    private static Dictionary<char, byte[]> Utf8(IReadOnlyDictionary<char, string> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return chunks.ToDictionary(c => c.Key, c => Encoding.UTF8.GetBytes(c.Value));
    }
}
