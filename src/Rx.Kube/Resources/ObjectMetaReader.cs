using System.Collections.Frozen;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Reads the <c>metadata</c> of an object.</summary>
/// <param name="strings">The strings that repeat.</param>
/// <param name="limits">The limits; null for the default ones.</param>
internal sealed class ObjectMetaReader(StringPool strings, WireLimits? limits = null)
{
    private readonly WireLimits _limits = limits ?? WireLimits.Default;
    private readonly LabelPool _labels = new();

    /// <summary>Reads on and returns the metadata, or null for null.</summary>
    /// <exception cref="JsonException">The value is not such an object, or has no name.</exception>
    public ObjectMeta? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var ignored = default(VolatileValues);
        return Read(ref reader, json, ref ignored);
    }

    /// <summary>Reads on, and notes where the values are that change with every write.</summary>
    /// <inheritdoc cref="Read(ref Utf8JsonReader, ReadOnlySpan{byte})"/>
    public ObjectMeta? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref VolatileValues values)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            return null;
        }

        string? name = null, @namespace = null, uid = null, version = null;
        var labels = FrozenDictionary<string, string>.Empty;
        DateTimeOffset? trigger = null, deletion = null;
        OwnerReference? controller = null;
        var hasAnnotations = false;
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
            {
                name = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                @namespace = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                uid = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("resourceVersion"u8))
            {
                version = JsonFields.ReadString(ref reader);
                values.Note(VolatileValue.ResourceVersion, reader);
            }
            else if (reader.ValueTextEquals("generation"u8))
            {
                reader.Skip();
                values.Note(VolatileValue.Generation, reader);
            }
            else if (reader.ValueTextEquals("labels"u8))
            {
                labels = ReadLabels(ref reader, json);
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                // The last of two counts, and a value noted in the first does not.
                values.AreUnusual |= hasAnnotations;
                hasAnnotations = true;
                trigger = ReadTriggerTime(ref reader, ref values);
            }
            else if (reader.ValueTextEquals("ownerReferences"u8))
            {
                controller = ReadController(ref reader);
            }
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
            {
                deletion = JsonFields.ReadTime(ref reader);
            }
            else if (reader.ValueTextEquals("managedFields"u8))
            {
                SkipManagedFields(ref reader, ref values);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ObjectMeta
        {
            Name = string.IsNullOrEmpty(name) ? throw new JsonException("metadata.name is missing") : name,
            Namespace = @namespace ?? "",
            Uid = uid ?? "",
            ResourceVersion = version ?? "",
            Labels = labels,
            LastChangeTriggerTime = trigger,
            DeletionTimestamp = deletion,
            Controller = controller,
        };
    }

    private FrozenDictionary<string, string> ReadLabels(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            return FrozenDictionary<string, string>.Empty;
        }

        var ahead = reader;
        ahead.Skip();
        var bytes = json[(int)reader.TokenStartIndex..(int)ahead.BytesConsumed];
        var hash = KeyedHash.Of(bytes);
        if (_labels.Find(bytes, hash) is { } shared)
        {
            reader = ahead;
            return shared;
        }

        var labels = new Dictionary<string, string>();
        while (JsonFields.NextProperty(ref reader))
        {
            var key = strings.Get(ref reader);
            labels[key] = JsonFields.ReadString(ref reader, strings) ?? "";
            if (labels.Count > _limits.MaxLabels)
            {
                throw new JsonException(_limits.TooManyLabels);
            }
        }

        var frozen = labels.ToFrozenDictionary();
        _labels.Keep(bytes, hash, frozen);
        return frozen;
    }

    // The server allows at most one.
    private OwnerReference? ReadController(ref Utf8JsonReader reader)
    {
        OwnerReference? found = null;
        if (JsonFields.BeginArray(ref reader))
        {
            while (JsonFields.NextElement(ref reader))
            {
                var owner = ReadOwner(ref reader, out var isController);
                found ??= isController ? owner : null;
            }
        }

        return found;
    }

    private OwnerReference? ReadOwner(ref Utf8JsonReader reader, out bool isController)
    {
        isController = false;
        if (!JsonFields.IsObject(ref reader))
        {
            return null;
        }

        string? kind = null, name = null, uid = null;
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("kind"u8))
            {
                kind = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                uid = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("controller"u8))
            {
                isController = JsonFields.ReadBoolean(ref reader) ?? false;
            }
            else
            {
                reader.Skip();
            }
        }

        return new OwnerReference(kind ?? "", name ?? "", uid ?? "");
    }

    // Not used, but their times change with every write.
    private static void SkipManagedFields(ref Utf8JsonReader reader, ref VolatileValues values)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == depth + 2 && reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                values.Note(VolatileValue.Ignored, reader);
            }
        }
    }

    private static DateTimeOffset? ReadTriggerTime(ref Utf8JsonReader reader, ref VolatileValues values)
    {
        DateTimeOffset? trigger = null;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("endpoints.kubernetes.io/last-change-trigger-time"u8))
                {
                    reader.Read();
                    trigger = TimeOf(ref reader);
                    values.Note(VolatileValue.TriggerTime, reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return trigger;
    }

    // Other clients may write anything here. It is only a hint, so anything other than an RFC 3339 time is ignored.
    private static DateTimeOffset? TimeOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonFields.TimeOf(ref reader);
        }

        reader.Skip();
        return null;
    }
}
