namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Represents one request of a script. In path and body, <c>{ns}</c> is the namespace of the run; <c>{rv:x}</c>,
/// <c>{continue:x}</c> and <c>{uid:x}</c> are fields of the answer to the step named x.</summary>
internal sealed record Step(string Method, string Path, string? Body = null)
{
    internal string Name { get; init; } = "";

    internal string ContentType { get; init; } = "application/json";

    internal string? Accept { get; init; }

    internal string? Token { get; init; } = "admin-token";

    /// <summary>Gets the number of lines to read before the connection is closed; null reads to the end.</summary>
    internal int? Lines { get; init; }

    /// <summary>Gets whether the stream stays open under the name of the step, for <see cref="Next"/>.</summary>
    internal bool Opens { get; init; }

    /// <summary>Gets the step whose open stream is read instead of sending a request.</summary>
    internal string? Next { get; init; }

    /// <summary>Gets whether to compact the store instead of sending a request.</summary>
    internal bool Compacts { get; init; }

    /// <summary>Gets whether the message may differ: a parser wrote it, or it names types that only one server has.</summary>
    internal bool AnyMessage { get; init; }

    /// <summary>Gets whether only status and headers must be equal.</summary>
    internal bool HeadOnly { get; init; }

    /// <summary>Gets whether only the names of the fields in the body must be equal.</summary>
    internal bool NamesOnly { get; init; }

    internal static Step Get(string path) => new("GET", path);

    internal static Step Post(string path, string body) => new("POST", path, body);

    internal static Step Put(string path, string body) => new("PUT", path, body);

    internal static Step Delete(string path, string? body = null) => new("DELETE", path, body);

    internal static Step Patch(string form, string path, string body) =>
        new("PATCH", path, body) { ContentType = $"application/{form}-patch+json" };

    internal static Step Read(string stream, int lines) => new("read", stream) { Next = stream, Lines = lines };

    internal static Step ReadToEnd(string stream) => new("read", stream) { Next = stream };

    internal static Step Compact() => new("compact", "") { Compacts = true };

    public override string ToString() => $"{Method} {Path} {Body}".TrimEnd();
}
