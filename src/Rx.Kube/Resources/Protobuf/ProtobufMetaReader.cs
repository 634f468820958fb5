using System.Collections.Frozen;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Reads the <c>metadata</c> of an object in protobuf. Managed fields, which are most of its bytes, are skipped by their length; names,
/// labels and owners are shared with the last event of the object. Source of the fields: apimachinery meta/v1 generated.proto.
/// </summary>
/// <param name="strings">The strings that repeat.</param>
/// <param name="limits">The limits; null for the default ones.</param>
internal sealed class ProtobufMetaReader(StringPool strings, WireLimits? limits = null)
{
    // Fields of OwnerReference.
    private const int OwnerKind = 1, OwnerName = 3, OwnerUid = 4, OwnerController = 6;

    // Field of Time.
    private const int Seconds = 1;
    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private readonly WireLimits _limits = limits ?? WireLimits.Default;
    private readonly LabelPool _labels = new();
    private readonly ProtobufShared<Names> _names = new(slots: 8192);
    private readonly ProtobufShared<OwnerReference> _owners = new(slots: 1024);

    /// <summary>Reads the metadata.</summary>
    /// <param name="reader">The metadata.</param>
    /// <param name="identity">The keyed hash of what comes before the version: of the name, the namespace and the uid.</param>
    /// <param name="truncated">Whether an annotation says that addresses were omitted, of an Endpoints object.</param>
    /// <exception cref="ProtobufException">They are broken, or have no name.</exception>
    public ObjectMeta Read(ProtobufReader reader, out ulong identity, out bool truncated)
    {
        var ((name, @namespace, uid), version) = (ReadNames(ref reader, out identity), "");
        DateTimeOffset? trigger = null, deletion = null;
        OwnerReference? controller = null;
        var (labelsFrom, labelsTo) = (0, 0);
        truncated = false;
        for (var isField = !reader.IsAtEnd; isField; isField = reader.Next())
        {
            switch (reader.Field)
            {
                case ProtobufMeta.Name:
                    name = reader.ReadString(strings);
                    break;
                case ProtobufMeta.Namespace:
                    @namespace = reader.ReadString(strings);
                    break;
                case ProtobufMeta.Uid:
                    uid = reader.ReadString(strings);
                    break;
                case ProtobufMeta.ResourceVersion:
                    version = reader.ReadString();
                    break;
                case ProtobufMeta.DeletionTimestamp:
                    deletion = ReadTime(reader.ReadMessage());
                    break;
                case ProtobufMeta.Labels:
                    labelsFrom = labelsTo == 0 ? reader.Start : labelsFrom;
                    reader.ReadBytes();
                    labelsTo = reader.Position;
                    break;
                case ProtobufMeta.Annotations:
                    ReadAnnotation(reader.ReadMessage(), ref trigger, ref truncated);
                    break;
                case ProtobufMeta.OwnerReferences:
                    controller ??= ReadController(reader.ReadMessage()); // the server allows at most one
                    break;
            }
        }

        return new ObjectMeta
        {
            Name = name.Length > 0 ? name : throw Missing(),
            Namespace = @namespace,
            Uid = uid,
            ResourceVersion = version,
            Labels = labelsTo == 0 ? FrozenDictionary<string, string>.Empty : ReadLabels(reader.Message[labelsFrom..labelsTo]),
            LastChangeTriggerTime = trigger,
            DeletionTimestamp = deletion,
            Controller = controller,
        };
    }

    /// <summary>Creates the error for an object without a name.</summary>
    public static ProtobufException Missing() => new("metadata.name is missing");

    /// <param name="fields">From the first label to the last one; usually nothing else is between them.</param>
    private FrozenDictionary<string, string> ReadLabels(ReadOnlySpan<byte> fields)
    {
        var hash = KeyedHash.Of(fields);
        if (_labels.Find(fields, hash) is { } shared)
        {
            return shared;
        }

        var labels = new Dictionary<string, string>();
        var reader = new ProtobufReader(fields);
        while (reader.Next())
        {
            if (reader.Field != ProtobufMeta.Labels)
            {
                continue;
            }

            string key = "", value = "";
            var entry = reader.ReadMessage();
            while (entry.Next())
            {
                if (entry.Field == ProtobufMeta.Key)
                {
                    key = entry.ReadString(strings);
                }
                else if (entry.Field == ProtobufMeta.Value)
                {
                    value = entry.ReadString(strings);
                }
            }

            labels[key] = value;
            if (labels.Count > _limits.MaxLabels)
            {
                throw new ProtobufException(_limits.TooManyLabels);
            }
        }

        var frozen = labels.ToFrozenDictionary();
        _labels.Keep(fields, hash, frozen);
        return frozen;
    }

    // Other clients may write anything into an annotation: a time is only a hint, so anything else is ignored.
    private static void ReadAnnotation(ProtobufReader entry, ref DateTimeOffset? trigger, ref bool truncated)
    {
        var key = ProtobufMeta.Entry(entry, out var value);
        if (key.SequenceEqual("endpoints.kubernetes.io/last-change-trigger-time"u8))
        {
            trigger = ProtobufText.TimeOf(value);
        }
        else if (key.SequenceEqual("endpoints.kubernetes.io/over-capacity"u8))
        {
            truncated = value.SequenceEqual("truncated"u8);
        }
    }

    // Stops at the first field that comes after the names, where the fields are in the order of their numbers, as API servers write them.
    private Names ReadNames(ref ProtobufReader reader, out ulong print)
    {
        var from = reader;
        while (reader.Next() && reader.Field < ProtobufMeta.ResourceVersion)
        {
        }

        var bytes = reader.Message[..reader.Start];
        print = KeyedHash.Of(bytes);
        if (_names.Find(print) is { } shared)
        {
            return shared;
        }

        string name = "", @namespace = "", uid = "";
        while (from.Next() && from.Start < bytes.Length)
        {
            switch (from.Field)
            {
                case ProtobufMeta.Name:
                    name = from.ReadString(strings);
                    break;
                case ProtobufMeta.Namespace:
                    @namespace = from.ReadString(strings);
                    break;
                case ProtobufMeta.Uid:
                    uid = from.ReadString(strings);
                    break;
            }
        }

        return _names.Keep(print, bytes.Length, new Names(name, @namespace, uid));
    }

    private OwnerReference? ReadController(ProtobufReader reader)
    {
        var print = KeyedHash.Of(reader.Message);
        if (_owners.Find(print) is { } shared)
        {
            return shared;
        }

        string kind = "", name = "", uid = "";
        var isController = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OwnerKind:
                    kind = reader.ReadString(strings);
                    break;
                case OwnerName:
                    name = reader.ReadString(strings);
                    break;
                case OwnerUid:
                    uid = reader.ReadString(strings);
                    break;
                case OwnerController:
                    isController = reader.ReadBoolean();
                    break;
            }
        }

        return isController ? _owners.Keep(print, reader.Message.Length, new OwnerReference(kind, name, uid)) : null;
    }

    // As Go's decoder: no bytes are no time, and the fraction of a second is ignored, because JSON has none.
    private static DateTimeOffset? ReadTime(ProtobufReader reader)
    {
        DateTimeOffset? time = null;
        while (reader.Next())
        {
            time ??= DateTimeOffset.UnixEpoch;
            if (reader.Field == Seconds)
            {
                var seconds = reader.ReadInt64();
                time = seconds >= FirstSecond && seconds <= LastSecond
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : throw reader.Wrong("the time is before the year 1 or after 9999");
            }
        }

        return time;
    }

    private sealed record Names(string Name, string Namespace, string Uid);
}
