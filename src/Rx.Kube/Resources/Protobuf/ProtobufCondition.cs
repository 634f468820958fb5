namespace Rx.Kube;

/// <summary>
/// Finds whether the first of the conditions of a type has the status <c>True</c>. Pods and Nodes have the same first fields. Absent and
/// unknown are false.
/// </summary>
internal struct ProtobufCondition
{
    private const int Type = 1, Status = 2;
    private bool? _found;

    /// <summary>Gets whether it is true.</summary>
    public readonly bool IsTrue => _found ?? false;

    /// <summary>Reads the next condition.</summary>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public void Add(ProtobufReader reader, ReadOnlySpan<byte> type)
    {
        var (isOfType, isTrue) = (false, false);
        while (reader.Next())
        {
            if (reader.Field == Type)
            {
                isOfType = reader.ReadBytes().SequenceEqual(type);
            }
            else if (reader.Field == Status)
            {
                isTrue = reader.ReadBytes().SequenceEqual("True"u8);
            }
        }

        _found ??= isOfType ? isTrue : null;
    }
}
