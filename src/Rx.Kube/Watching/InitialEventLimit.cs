namespace Rx.Kube;

/// <summary>Limits the initial events of a streaming list, which are held until their end like the objects of a list.</summary>
internal sealed class InitialEventLimit<T>(WireLimits limits)
{
    private int _count;
    private bool _isOver;

    /// <summary>Counts an event.</summary>
    /// <exception cref="KubeProtocolException">There are more than <see cref="WireLimits.MaxItems"/>.</exception>
    public void Count(WatchEvent<T> next)
    {
        if (next is WatchEvent<T>.Bookmark bookmark)
        {
            _isOver |= bookmark.EndsInitialEvents;
        }
        else if (!_isOver && _count++ >= limits.MaxItems)
        {
            throw limits.TooManyItems();
        }
    }
}
