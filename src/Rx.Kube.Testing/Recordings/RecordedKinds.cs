using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>The kinds of the models of this library.</summary>
internal static class RecordedKinds
{
    /// <summary>Gets the kind of a model.</summary>
    /// <exception cref="ArgumentException">The type is no model of this library.</exception>
    public static ResourceKind<T> Of<T>() => Find<T>() ?? throw new ArgumentException(
        $"{typeof(T).Name} is no model of this library. To fix: pass its ResourceKind.");

    /// <summary>Gets the kind of a model; null if the type is none.</summary>
    public static ResourceKind<T>? Find<T>() =>
        ((object[])[ResourceKinds.EndpointSlices, ResourceKinds.Endpoints, ResourceKinds.Pods, ResourceKinds.Nodes])
        .OfType<ResourceKind<T>>().FirstOrDefault();

    /// <summary>Gets how to write the objects of a type; null if that is not known.</summary>
    public static Action<Utf8JsonWriter, T>? Encoder<T>() =>
        typeof(T) == typeof(EndpointSlice)
            ? (Action<Utf8JsonWriter, T>)(object)(Action<Utf8JsonWriter, EndpointSlice>)Write
        : typeof(T) == typeof(RawObject)
            ? (Action<Utf8JsonWriter, T>)(object)(Action<Utf8JsonWriter, RawObject>)Write
        : null;

    private static void Write(Utf8JsonWriter writer, EndpointSlice slice) => SliceJsonWriter.Write(writer, slice, withKind: true);

    private static void Write(Utf8JsonWriter writer, RawObject raw) => writer.WriteRawValue(raw.Json.Span, skipInputValidation: true);
}
