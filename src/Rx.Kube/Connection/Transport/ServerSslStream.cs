using System.Net.Security;

namespace Rx.Kube;

/// <summary>
/// TLS to the server. Until the server has sent something, a broken connection is checked for a refusal of the client certificate. After
/// that, it is an <see cref="SslStream"/>.
/// </summary>
internal sealed class ServerSslStream(Stream inner, CertificateRefusal refusal) : SslStream(inner)
{
    private volatile bool _isHeard;
    private volatile bool _isEnded;
    private volatile PeerException? _known;
    private bool _wasShown;
    private int _isReading;

    public CertificateRefusal Refusal => refusal;

    /// <summary>
    /// Gets the refusal that ended this connection, as far as is known; null for none. The handler may report another error than what this
    /// stream threw, depending on which of its threads was first.
    /// </summary>
    public PeerException? Ending => _isHeard || !_isEnded ? null : _known ?? refusal.ExplainEnd(null, _wasShown);

    /// <summary>Notes that the handshake is complete.</summary>
    public void Begin() =>
        // A server that speaks HTTP/2 sends its settings at once. One that speaks HTTP/1.1 may end for another reason.
        _wasShown = IsMutuallyAuthenticated && NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isHeard ? base.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isHeard ? base.WriteAsync(buffer, cancellationToken) : WriteFirstAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _isEnded = true;
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isEnded = true;
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _isReading);
        try
        {
            var read = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _isHeard |= read > 0;
            return read == 0 && buffer.Length > 0 && End(null) is { } refused ? throw refused : read;
        }
        catch (IOException e) when (End(e) is { } refused)
        {
            throw refused;
        }
        finally
        {
            Interlocked.Decrement(ref _isReading);
        }
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw await ReadAlertAsync(cancellationToken).ConfigureAwait(false) ?? End(e) ?? (Exception)e;
        }
    }

    // The alert may have arrived before the connection closed.
    private async ValueTask<PeerException?> ReadAlertAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = Volatile.Read(ref _isReading) == 0 && await base.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0;
            return null;
        }
        catch (IOException e) when (refusal.Explain(e) is not null)
        {
            return End(e);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ObjectDisposedException)
        {
            return null;
        }
    }

    private PeerException? End(IOException? failure)
    {
        var refused = refusal.ExplainEnd(failure, _wasShown);
        _known ??= refused;
        _isEnded = true;
        return refused;
    }
}
