using System.Text;

namespace Rx.Kube;

/// <summary>
/// The envelope around an object, the object of an event, a list or a Status: four bytes, then a <c>runtime.Unknown</c>, which has the kind
/// and the object. The items of a list have none. Source: apimachinery runtime/serializer/protobuf and runtime/types.go.
/// </summary>
internal static class ProtobufEnvelope
{
    /// <summary>The fields of <c>runtime.Unknown</c>, and of its <c>TypeMeta</c>.</summary>
    public const int TypeMeta = 1, Raw = 2, Kind = 2;

    /// <summary>Gets the first bytes. No message begins with them: they would be a group.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Gets a reader of an object, with or without its envelope.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="kind">The kind in the envelope; empty if there is none.</param>
    /// <exception cref="ProtobufException">The envelope is broken, or has no object.</exception>
    public static ProtobufReader Open(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> kind)
    {
        kind = default;
        if (!data.StartsWith(Magic))
        {
            return new ProtobufReader(data);
        }

        var envelope = new ProtobufReader(data[Magic.Length..], Magic.Length);
        var hasObject = false;
        ProtobufReader found = default;
        while (envelope.Next())
        {
            if (envelope.Field == TypeMeta)
            {
                kind = KindOf(envelope.ReadMessage());
            }
            else if (envelope.Field == Raw)
            {
                found = envelope.ReadMessage();
                hasObject = true;
            }
        }

        return hasObject ? found : throw new ProtobufException("the envelope has no object");
    }

    /// <summary>Gets a reader of an object of a kind, with or without its envelope.</summary>
    /// <exception cref="ProtobufException">The envelope is broken, or has another object.</exception>
    public static ProtobufReader Open(ReadOnlySpan<byte> data, ReadOnlySpan<byte> kind)
    {
        var found = Open(data, out ReadOnlySpan<byte> other);
        return other.IsEmpty || other.SequenceEqual(kind)
            ? found
            : throw new ProtobufException($"the object is not of kind {Encoding.UTF8.GetString(kind)}");
    }

    /// <summary>Reads the kind in a <c>TypeMeta</c>.</summary>
    public static ReadOnlySpan<byte> KindOf(ProtobufReader type)
    {
        ReadOnlySpan<byte> kind = default;
        while (type.Next())
        {
            if (type.Field == Kind)
            {
                kind = type.ReadBytes();
            }
        }

        return kind;
    }
}
