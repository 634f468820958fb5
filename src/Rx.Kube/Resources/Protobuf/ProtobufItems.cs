using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Collects the values of a repeated field: most have one, for which there is no list.</summary>
internal struct ProtobufItems<T>
{
    private T _first;
    private ImmutableArray<T>.Builder? _all;
    private bool _isAny;

    /// <summary>Gets whether there are none.</summary>
    public readonly bool IsEmpty => !_isAny;

    /// <summary>Appends a value.</summary>
    public void Add(T item)
    {
        if (!_isAny)
        {
            (_first, _isAny) = (item, true);
            return;
        }

        if (_all is null)
        {
            _all = ImmutableArray.CreateBuilder<T>();
            _all.Add(_first);
        }

        _all.Add(item);
    }

    /// <summary>Gets the values, in their order.</summary>
    public readonly EquatableArray<T> ToArray() =>
        _all is not null ? _all.DrainToImmutable()
        : _isAny ? ImmutableArray.Create(_first)
        : [];
}
