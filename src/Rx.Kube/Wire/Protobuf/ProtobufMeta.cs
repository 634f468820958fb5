using System.Text;
using System.Text.Unicode;

namespace Rx.Kube;

/// <summary>Reads what identifies an object from its metadata, which is the first field of every object.</summary>
internal static class ProtobufMeta
{
    /// <summary>The field with the metadata, in every object and every list.</summary>
    public const int Metadata = 1;

    // Fields of ObjectMeta. Source: apimachinery meta/v1 generated.proto.
    public const int Name = 1, Namespace = 3, Uid = 5, ResourceVersion = 6, DeletionTimestamp = 9, Labels = 11, Annotations = 12;
    public const int OwnerReferences = 13;

    // Fields of an entry of a map.
    public const int Key = 1, Value = 2;

    /// <summary>
    /// Reads namespace, name and version, from all parts of the metadata: a message that occurs twice is merged. Source: protobuf.dev,
    /// encoding, "Last One Wins". A name that is no text is none: the version does not depend on what else is read.
    /// </summary>
    /// <param name="data">The object; it may be broken.</param>
    /// <param name="versionOnly">Whether no other string is made.</param>
    /// <returns>What was found before the first broken byte.</returns>
    public static ObjectIdentity Read(ReadOnlySpan<byte> data, bool versionOnly)
    {
        string @namespace = "", name = "", version = "";
        try
        {
            var reader = ProtobufEnvelope.Open(data, out ReadOnlySpan<byte> _);
            while (reader.Next())
            {
                if (reader.Field != Metadata)
                {
                    continue;
                }

                var metadata = reader.ReadMessage();
                while (metadata.Next())
                {
                    switch (metadata.Field)
                    {
                        case Name when !versionOnly:
                            name = TextOf(ref metadata);
                            break;
                        case Namespace when !versionOnly:
                            @namespace = TextOf(ref metadata);
                            break;
                        case ResourceVersion:
                            version = metadata.ReadString();
                            break;
                    }
                }
            }
        }
        catch (ProtobufException)
        {
            // The object is broken here; what was read so far is the answer.
        }

        return new(@namespace, name, version);
    }

    /// <summary>
    /// Reads whether a bookmark ends the initial events of a streaming list: its annotations have
    /// <c>k8s.io/initial-events-end: "true"</c>. Source: apimachinery meta/v1, InitialEventsAnnotationKey.
    /// </summary>
    public static bool EndsInitialEvents(ReadOnlySpan<byte> bookmark)
    {
        try
        {
            var reader = ProtobufEnvelope.Open(bookmark, out ReadOnlySpan<byte> _);
            while (reader.Next())
            {
                if (reader.Field != Metadata)
                {
                    continue;
                }

                var metadata = reader.ReadMessage();
                while (metadata.Next())
                {
                    if (metadata.Field == Annotations && Entry(metadata.ReadMessage(), out var value) is var key
                        && key.SequenceEqual("k8s.io/initial-events-end"u8))
                    {
                        return value.SequenceEqual("true"u8);
                    }
                }

                break;
            }
        }
        catch (ProtobufException)
        {
            // Then it does not say so.
        }

        return false;
    }

    private static string TextOf(ref ProtobufReader field)
    {
        if (field.Type != ProtobufType.Bytes)
        {
            return "";
        }

        var bytes = field.ReadBytes();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : "";
    }

    /// <summary>Reads an entry of a map of texts.</summary>
    /// <returns>The key.</returns>
    public static ReadOnlySpan<byte> Entry(ProtobufReader entry, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> key = default;
        value = default;
        while (entry.Next())
        {
            if (entry.Field == Key)
            {
                key = entry.ReadBytes();
            }
            else if (entry.Field == Value)
            {
                value = entry.ReadBytes();
            }
        }

        return key;
    }
}
