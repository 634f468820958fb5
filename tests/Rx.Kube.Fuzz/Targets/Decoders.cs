namespace Rx.Kube.Fuzz.Targets;

/// <summary>The decoders of a kind in each format.</summary>
internal static class Decoders
{
    public static EventDecoder<T> Json<T>(ResourceKind<T> kind)
        where T : class, IResource =>
        new(JsonWireFormat.Instance, kind.CreateDecoder(), kind.ToString(), OutsideText.Unowned, WireLimits.Default, kind.MetadataOf);

    public static EventDecoder<T> Protobuf<T>(ResourceKind<T> kind)
        where T : class, IResource =>
        new(ProtobufWireFormat.Instance, kind.Protobuf!.CreateDecoder(WireLimits.Default), kind.ToString(), OutsideText.Unowned,
            WireLimits.Default, kind.MetadataOf);
}
