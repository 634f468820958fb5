namespace Rx.Kube;

/// <summary>Where the parts of the text of a slice are. Filled while the text is parsed.</summary>
internal struct SliceShape
{
    /// <summary>What is before the metadata in an event and in an item of a list.</summary>
    private static readonly byte[] InEvent = """{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":"""u8.ToArray();
    private static readonly byte[] InList = """{"metadata":"""u8.ToArray();

    /// <summary>Gets where the values are that change with every write.</summary>
    public VolatileValues Values;

    /// <summary>Gets or sets the position of the metadata; 0 if they are not where an API server writes them.</summary>
    public int Metadata { get; set; }

    /// <summary>Gets or sets the position after the opening bracket of the endpoints.</summary>
    public int Endpoints { get; set; }

    /// <summary>Gets or sets the position of the closing bracket of the endpoints.</summary>
    public int EndpointsEnd { get; set; }

    /// <summary>Gets or sets whether the text has something that is there twice.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>Gets whether the text has the parts in the order of an API server.</summary>
    public readonly bool IsUsual =>
        !IsAmbiguous && !Values.AreUnusual && Values.Count > 0 && Metadata > 0 && Values[0].Start > Metadata &&
        Endpoints > Values[Values.Count - 1].Start && EndpointsEnd >= Endpoints;

    /// <summary>Gets the position of the metadata in a text of a slice; 0 if they are not where an API server writes them.</summary>
    public static int MetadataOf(ReadOnlySpan<byte> json) =>
        json.StartsWith(InEvent) ? InEvent.Length : json.StartsWith(InList) ? InList.Length : 0;
}
