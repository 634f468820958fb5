namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>A list, and rounds of events after it, in one format.</summary>
internal interface IRounds
{
    /// <summary>Gets the media type of the list.</summary>
    string MediaType { get; }

    /// <summary>Gets the bodies of the list.</summary>
    CannedList List { get; }

    /// <summary>Gets the number of events of a round.</summary>
    int Events { get; }

    /// <summary>Gets the body of the watch of the present round.</summary>
    byte[] Stream { get; }

    /// <summary>Gives the events the versions and times of the next round.</summary>
    void NextRound();
}
