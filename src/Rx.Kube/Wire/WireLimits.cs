using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Limits on what the server sends. Data from the network is untrusted, so memory use is bounded whatever arrives. What is over a limit is
/// a <see cref="KubeProtocolException"/> that names it. <c>docs/reliability.md</c> lists these limits and those that are fixed.
/// </summary>
public sealed record WireLimits
{
    /// <summary>The most characters that <see cref="MaxVersionLength"/> may allow.</summary>
    internal const int LongestVersion = 4096;

    /// <summary>Gets the default limits.</summary>
    public static WireLimits Default { get; } = new();

    /// <summary>
    /// Gets the largest size of an object, in bytes: one event of a watch, one item of a list, or one other property of a list. At least 1
    /// and at most 1 GiB. The default is 8 MiB. By default, etcd limits an object to 1.5 MiB, so real servers stay well below.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxObjectBytes
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 30);
    } = 8 << 20;

    /// <summary>
    /// Gets the largest size of a page of a list, in bytes. At least 1. The default is 512 MiB. Items are decoded as they arrive, so the
    /// bytes of a whole page are never held in memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long MaxPageBytes
    {
        get;
        init => field = NumberRange.Within(value, long.MaxValue);
    } = 512L << 20;

    /// <summary>
    /// Gets the largest size of the objects that a list and the watch after it hold together, in bytes as the server encoded them: of all
    /// pages of the list, then with what the watch adds, replaces and removes. At least 1. The default is 2 GiB: at the largest supported
    /// size of a cluster, 150,000 endpoints are 45 MB of EndpointSlices, and 150,000 pods of 10 KB each are 1.5 GB, of which the model of a
    /// pod keeps little. In memory, an object of a model takes up to some ten times its encoded size, and a list is held beside the state
    /// that it replaces: lower the limit where memory is scarce.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long MaxRetainedBytes
    {
        get;
        init => field = NumberRange.Within(value, long.MaxValue);
    } = 2L << 30;

    /// <summary>
    /// Gets the largest number of objects in a list, over all pages, of initial events in a streaming list, and of objects that a list and
    /// the watch after it hold together. At least 1. The default is 1,000,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxItems
    {
        get;
        init => field = (int)NumberRange.Within(value, int.MaxValue);
    } = 1_000_000;

    /// <summary>
    /// Gets the largest number of pages in a list, empty ones included. At least 1. The default is 10,000; 1,000,000 objects
    /// need 2,000 full pages.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPages
    {
        get;
        init => field = (int)NumberRange.Within(value, int.MaxValue);
    } = 10_000;

    /// <summary>
    /// Gets how long a list may take, over all pages. More than zero and at most one day. The default is 10 min. Measured on
    /// <see cref="KubeConnectionOptions.Scheduler"/>. Within it, the headers of a page are limited by
    /// <see cref="KubeConnectionOptions.ResponseTimeout"/>, and its body by <see cref="MaxPageTime"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxListTime
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets how long the body of a page of a list may take, after its headers. More than zero and at most one day. The default is 2 min:
    /// API servers end a request that is not a watch after one minute. Measured on <see cref="KubeConnectionOptions.Scheduler"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxPageTime
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets the largest length of a continue token, in characters. At least 1 and at most 1,048,576; a token is part of a URL, and servers
    /// refuse long ones. The default is 4,096: a token is the name of an object with some JSON around it, and real ones have fewer
    /// than 1,000 characters.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxContinueLength
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 20);
    } = 4096;

    /// <summary>
    /// Gets how many empty pages in a row a list follows at once; then the wait before the next page grows from 10 ms to 1 s. At least 0
    /// and at most 10,000. The default is 3: API servers may send an empty page where a selector matches nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int EmptyPagesAtOnce
    {
        get;
        init => field = (int)NumberRange.Within(value, 10_000, 0);
    } = 3;

    /// <summary>
    /// Gets the largest length of a resourceVersion, in characters. At least 20, which is an unsigned number of 64 bits, and at most 4,096;
    /// a version is part of a URL. The default is 128: those of Kubernetes are decimals, guaranteed since 1.35, and those of other servers
    /// are opaque.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxVersionLength
    {
        get;
        init => field = (int)NumberRange.Within(value, LongestVersion, 20);
    } = 128;

    /// <summary>
    /// Gets how many levels an object of <see cref="ResourceKinds"/> in JSON may have; one with more is skipped. At least 16 and at most
    /// 10,000, as in an API server. The default is 64; an EndpointSlice has about 10 with its managed fields. It does not concern protobuf,
    /// where what is not known is skipped by its length, or the decoders of other kinds, which have their own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxObjectDepth
    {
        get;
        init => field = (int)NumberRange.Within(value, 10_000, 16);
    } = 64;

    /// <summary>
    /// Gets the largest number of labels of an object of <see cref="ResourceKinds"/>; one with more is skipped. At least 1 and at most
    /// 65,536. The default is 4,096. It bounds the cost of labels whose hashes collide, which grows with the square of their number. It
    /// does not concern the decoders of other kinds: where these read an <see cref="Models.ObjectMeta"/>, the default holds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxLabels
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 16);
    } = 4096;

    /// <summary>
    /// Gets how many objects a list requests at a time (<c>limit</c>). At least 1. The default is 500, as in client-go.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int PageSize
    {
        get;
        init => field = (int)NumberRange.Within(value, int.MaxValue);
    } = 500;

    /// <summary>Gets why an object with more labels is skipped.</summary>
    internal string TooManyLabels => $"more than {MaxLabels} labels. To fix: raise {nameof(WireLimits)}.{nameof(MaxLabels)}";

    /// <summary>Gets why an object with more levels is skipped.</summary>
    internal string TooDeep =>
        $"more than the depth of {MaxObjectDepth} levels. To fix: raise {nameof(WireLimits)}.{nameof(MaxObjectDepth)}";

    /// <summary>Gets how the JSON of an object is read.</summary>
    internal JsonReaderOptions ObjectOptions => new() { MaxDepth = MaxObjectDepth };

    /// <summary>Creates the error for a list over <see cref="MaxItems"/>.</summary>
    internal KubeProtocolException TooManyItems() => new(
        $"the list has more than {MaxItems} objects. To fix: narrow it with a selector, or raise {nameof(WireLimits)}.{nameof(MaxItems)}.");

    /// <summary>Creates the error for a watch that adds more than <see cref="MaxItems"/>.</summary>
    internal KubeProtocolException TooManyItemsHeld() => new(
        $"the watch added objects until more than {MaxItems} would be held. To fix: narrow it with a selector, or raise "
        + $"{nameof(WireLimits)}.{nameof(MaxItems)}.");

    /// <summary>Creates the error for a list over <see cref="MaxRetainedBytes"/>.</summary>
    internal KubeProtocolException TooManyBytes() => new(
        $"the objects of the list have more than {MaxRetainedBytes} bytes. To fix: narrow it with a selector, or raise "
        + $"{nameof(WireLimits)}.{nameof(MaxRetainedBytes)}.");

    /// <summary>Creates the error for a watch that adds more than <see cref="MaxRetainedBytes"/>.</summary>
    internal KubeProtocolException TooManyBytesHeld() => new(
        $"the watch added objects until more than {MaxRetainedBytes} bytes would be held. To fix: narrow it with a selector, or raise "
        + $"{nameof(WireLimits)}.{nameof(MaxRetainedBytes)}.");
}
