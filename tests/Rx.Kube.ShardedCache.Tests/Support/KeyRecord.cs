namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>
/// What one client has written to a key: the operations have ascending numbers, and the value has its number. Thread-safe for one writer
/// and many readers.
/// </summary>
public sealed class KeyRecord(string key)
{
    private readonly Lock _gate = new();
    private readonly List<bool> _isDelete = [true]; // number 0: it is not there
    private int _acknowledged;

    public string Key => key;

    /// <summary>Gets the number of the last acknowledged operation.</summary>
    public int Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged;
            }
        }
    }

    /// <summary>Gets whether a write has ever begun: each replica may have its value or its tombstone.</summary>
    public bool IsWritten
    {
        get
        {
            lock (_gate)
            {
                return _isDelete.Count > 1;
            }
        }
    }

    /// <summary>Gets whether the key must be there, if nothing is being written.</summary>
    public bool Exists
    {
        get
        {
            lock (_gate)
            {
                return !_isDelete[_acknowledged];
            }
        }
    }

    public int Begin(bool isDelete)
    {
        lock (_gate)
        {
            _isDelete.Add(isDelete);
            return _isDelete.Count - 1;
        }
    }

    public void Acknowledge(int number)
    {
        lock (_gate)
        {
            _acknowledged = number;
        }
    }

    /// <summary>Checks what a read has returned that began when some operation was acknowledged.</summary>
    /// <param name="value">The value; null if the key is not there.</param>
    /// <param name="acknowledgedBefore">The last acknowledged operation when the read began.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? FaultOf(string? value, int acknowledgedBefore)
    {
        lock (_gate)
        {
            var isRight = value is null
                ? _isDelete.Skip(acknowledgedBefore).Any(isDelete => isDelete)
                : int.TryParse(value, out var number) && number >= acknowledgedBefore && number < _isDelete.Count && !_isDelete[number];
            return isRight ? null : $"{key} is {value ?? "missing"}, acknowledged {acknowledgedBefore} of {_isDelete.Count - 1}";
        }
    }
}
