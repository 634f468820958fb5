namespace Rx.Kube;

/// <summary>
/// What is at each address of a Service: its only claim, or an <see cref="AddressContest"/>. An open hash table that keeps no keys, since a
/// claim has its address: nine bytes a place, of which at most four fifths are used. A dictionary takes 28 bytes an entry.
/// <c>ContestedAddressTests</c> compare with a look at all claims. Not thread-safe.
/// </summary>
internal sealed class AddressTable
{
    // A tag is 0 for a free place; otherwise it has this bit, six bits of the hash, and whether the claim is withdrawn.
    private const byte Used = 0x80;
    private const byte Withdrawn = 0x40;
    private const byte HashBits = 0x3F;

    private byte[] _tags = [];
    private object?[] _items = [];

    /// <summary>Gets the number of addresses.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Gets or sets how many addresses there will be, roughly: then the table grows once, and is not filled once more each time. This saves
    /// 5.5 MB of the 43 MB that a list of 150,000 endpoints allocates, and changes nothing else.
    /// </summary>
    public int Expected { get; set; }

    /// <summary>Gets what is at a place: a <see cref="TopologyEndpoint"/> or an <see cref="AddressContest"/>.</summary>
    public object this[int place] => _items[place]!;

    /// <summary>Gets the place of the address of a claim; -1 if it is not in the table.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="hash">The hash of its address.</param>
    public int Find(TopologyEndpoint claim, int hash)
    {
        if (_tags.Length == 0)
        {
            return -1;
        }

        var tag = TagOf(hash);
        for (var place = HomeOf(hash); _tags[place] != 0; place = After(place))
        {
            if ((_tags[place] & ~Withdrawn) == tag && ClaimAt(place).HasAddressOf(claim))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Adds the only claim to an address that is not in the table.</summary>
    public void Add(TopologyEndpoint claim, int hash)
    {
        if ((Count + 1) * 5L > _tags.Length * 4L)
        {
            Resize(Math.Max(Math.Max(4, _tags.Length + (_tags.Length / 2)), (int)Math.Min(Expected * 5L / 4, int.MaxValue / 2) + 2));
        }

        Put(claim, hash);
        Count++;
    }

    /// <summary>Puts something at a place, for the same address. It is not withdrawn.</summary>
    public void Set(int place, object item)
    {
        _items[place] = item;
        _tags[place] &= unchecked((byte)~Withdrawn);
    }

    /// <summary>Gets whether the claim at a place is withdrawn, and only waits for what comes instead of it.</summary>
    public bool IsWithdrawn(int place) => (_tags[place] & Withdrawn) != 0;

    /// <summary>Marks the claim at a place as withdrawn.</summary>
    public void Withdraw(int place) => _tags[place] |= Withdrawn;

    /// <summary>Removes the address at a place. Other addresses change their places.</summary>
    public void RemoveAt(int place)
    {
        // What comes after the gap moves into it, unless it would then be before its home.
        for (var next = After(place); _tags[next] != 0; next = After(next))
        {
            if (Distance(HomeOf(ClaimAt(next).AddressHash), next) >= Distance(place, next))
            {
                (_tags[place], _items[place]) = (_tags[next], _items[next]);
                place = next;
            }
        }

        (_tags[place], _items[place]) = (0, null);
        Count--;
        if (Count * 8L < _tags.Length && _tags.Length > 64)
        {
            Resize(Count * 2);
        }
    }

    /// <summary>Gives back what growing has left over, when that is much.</summary>
    public void Trim()
    {
        var needed = (int)Math.Max(4, ((Count * 5L) + 3) / 4);
        if (_tags.Length > needed + (needed / 16) + 4)
        {
            Resize(needed + 1);
        }
    }

    private void Resize(int places)
    {
        var (tags, items) = (_tags, _items);
        (_tags, _items) = (new byte[places], new object?[places]);
        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i] != 0)
            {
                var place = Put(items[i]!, ClaimOf(items[i]!).AddressHash);
                _tags[place] = tags[i];
            }
        }
    }

    private int Put(object item, int hash)
    {
        var place = HomeOf(hash);
        while (_tags[place] != 0)
        {
            place = After(place);
        }

        (_tags[place], _items[place]) = (TagOf(hash), item);
        return place;
    }

    private TopologyEndpoint ClaimAt(int place) => ClaimOf(_items[place]!);

    private static TopologyEndpoint ClaimOf(object item) => item as TopologyEndpoint ?? ((AddressContest)item).Place;

    // The high bits of the hash choose the home, the low ones are in the tag.
    private int HomeOf(int hash) => (int)(((ulong)(uint)hash * (uint)_tags.Length) >> 32);

    private static byte TagOf(int hash) => (byte)(Used | (hash & HashBits));

    private int After(int place) => place + 1 == _tags.Length ? 0 : place + 1;

    private int Distance(int from, int to) => to >= from ? to - from : to - from + _tags.Length;
}
