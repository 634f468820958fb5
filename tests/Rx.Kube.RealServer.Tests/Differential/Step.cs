namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>One request of the script. In path and body, <c>{ns}</c> is the run's namespace, and <c>{rv:x}</c>, <c>{continue:x}</c>,
/// <c>{uid:x}</c> are taken from the answer of the step named x.</summary>
internal sealed record Step(string Method, string Path, string? Body = null)
{
    internal string Name { get; init; } = "";

    internal string ContentType { get; init; } = "application/json";

    internal string? Accept { get; init; }

    internal string? Token { get; init; } = "admin-token";

    /// <summary>Read so many lines of the stream and hang up; null: read to its end.</summary>
    internal int? Lines { get; init; }

    /// <summary>Leave the stream open under the step's name, for <see cref="Next"/>.</summary>
    internal bool Opens { get; init; }

    /// <summary>Read on in the stream of another step instead of sending a request.</summary>
    internal string? Next { get; init; }

    /// <summary>Compact the store instead of sending a request.</summary>
    internal bool Compacts { get; init; }

    /// <summary>The text for people differs by design: it is a parser's, or it names what only one side serves.</summary>
    internal bool OwnWords { get; init; }

    /// <summary>Only status and content type are promised.</summary>
    internal bool HeadOnly { get; init; }

    /// <summary>Of the body's texts and numbers only the names are promised.</summary>
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
