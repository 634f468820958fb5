using System.Globalization;
using System.Reactive.Concurrency;
using System.Text.Json;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Examines the way to the server: reachable, its version, TLS, who the user is there, both clocks, warnings, latency.</summary>
/// <param name="connection">The connection.</param>
/// <param name="questions">Asks the server.</param>
/// <param name="namespace">The namespace of the requests.</param>
/// <param name="scheduler">The clock.</param>
/// <param name="checks">Receives the checks.</param>
internal sealed class PathChecks(
    KubeConnection connection, Questions questions, string @namespace, IScheduler scheduler, List<Check> checks)
{
    /// <summary>A token may be refused, and a certificate too, when the clocks differ by more.</summary>
    private static readonly TimeSpan _mostSkew = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _mostLatency = TimeSpan.FromSeconds(1);

    private const string Protobuf = "application/vnd.kubernetes.protobuf";

    /// <summary>Gets who the server takes the user for; null if it does not tell.</summary>
    public SelfIdentity? Identity { get; private set; }

    /// <summary>Examines.</summary>
    /// <param name="ct">Ends the examination.</param>
    /// <exception cref="KubeException">The server cannot be reached, or does not accept the credentials.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        Answer? version;
        try
        {
            version = await VersionAsync(ct).ConfigureAwait(false);
        }
        catch (KubeException) when (connection.Tls is not null)
        {
            checks.Add(TlsCheck()); // a client certificate that has ended is the cause of a 401
            throw;
        }

        checks.Add(TlsCheck());
        Identity = await questions.AskAsync(SelfReview.Identity, SelfReviewAnswer.ReadIdentity, ct).ConfigureAwait(false);
        checks.Add(IdentityCheck());
        checks.Add(await Permissions.AskAsync(questions, @namespace, ct).ConfigureAwait(false));
        var list = await TryAsync(SlicesPath + "?limit=1", "application/json", ct).ConfigureAwait(false);
        checks.AddRange(ClockChecks(list ?? version));
        checks.Add(LatencyCheck(list));
        checks.Add(await ProtobufAsync(list is not null, ct).ConfigureAwait(false));
        checks.Add(WarningCheck([.. (version?.Warnings ?? []).Concat(list?.Warnings ?? []).Distinct(StringComparer.Ordinal)]));
    }

    /// <summary>Reads the version of a server.</summary>
    /// <param name="body">The answer to <c>/version</c>.</param>
    /// <param name="connection">The connection, which knows what must not be printed.</param>
    /// <returns>The version, escaped; null if the answer is not that of an API server.</returns>
    public static string? VersionOf(ReadOnlyMemory<byte> body, KubeConnection connection)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("gitVersion", out var version) &&
                version.ValueKind == JsonValueKind.String ? EndpointFormat.Name(connection.Outside.Of(version.GetString())) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private string SlicesPath => $"apis/discovery.k8s.io/v1/namespaces/{@namespace}/endpointslices";

    private async Task<Answer?> VersionAsync(CancellationToken ct)
    {
        Answer answer;
        try
        {
            answer = await questions.GetAsync("version", ct).ConfigureAwait(false);
        }
        catch (KubeStatusException e) when (e.Status.Code is 403)
        {
            checks.Add(new("server", CheckState.Ok, $"{connection.Server.Authority} answers; this user may not see its version"));
            return null;
        }

        var name = VersionOf(answer.Body, connection);
        var http = answer.Http.ToString(answer.Http.Major > 1 ? 1 : 2);
        checks.Add(name is null
            ? new("server", CheckState.Problem, $"{connection.Server.Authority} answers, but not as an API server does",
                $"correct the server's address, or log in to the proxy in front of it ({connection.Source})")
            : new("server", CheckState.Ok, $"{connection.Server.Authority} answers: Kubernetes {name}, HTTP/{http}")
            {
                Facts = json => json.WriteString("version", name),
            });
        return answer;
    }

    private Check TlsCheck() => connection.Tls is { } tls
        ? new CertificateCheck(connection, tls, scheduler.Now).Run()
        : connection.Server.Scheme == "https"
            ? new("tls", CheckState.Unknown, "made by the application's own client")
            : new("tls", CheckState.Ok, "none: plain http");

    private Check IdentityCheck() => Identity switch
    {
        null => new("identity", CheckState.Unknown, "the server does not tell who this user is (SelfSubjectReview, since Kubernetes 1.28)"),
        { User: "system:anonymous" } => new("identity", CheckState.Ok, "anonymous: no credentials are sent, or the server ignores them"),
        { } who => new("identity", CheckState.Ok, EndpointFormat.Name(who.User))
        {
            Details = who.Groups.IsEmpty ? [] : [$"groups: {string.Join(", ", who.Groups.Select(EndpointFormat.Name))}"],
            Facts = json => json.WriteString("user", who.User),
        },
    };

    private async Task<Answer?> TryAsync(string path, string mediaTypes, CancellationToken ct)
    {
        try
        {
            return await questions.GetAsync(path, ct, mediaTypes).ConfigureAwait(false);
        }
        catch (KubeStatusException e) when (e.Status.Code != 401)
        {
            return null; // the list itself tells why
        }
        catch (KubeProtocolException)
        {
            return null; // one object of more than 64 KiB
        }
    }

    private static IEnumerable<Check> ClockChecks(Answer? answer)
    {
        if (answer?.Date is not { } date)
        {
            yield return new("clock", CheckState.Unknown, "the server does not tell its time (Date)");
            yield break;
        }

        // The header has whole seconds, and is from some moment between the request and the answer.
        var skew = answer.At - (answer.Took / 2) - date - TimeSpan.FromSeconds(0.5);
        var size = Span(TimeSpan.FromSeconds(Math.Round(skew.Duration().TotalSeconds)));
        yield return skew.Duration() <= _mostSkew
            ? new("clock", CheckState.Ok, "this machine and the server have the same time") { Facts = Seconds }
            : new("clock", CheckState.Problem,
                $"this machine's clock is {size} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the server's",
                "synchronize this machine's clock, or the server's, with NTP: tokens and certificates are refused when clocks differ")
            {
                Facts = Seconds,
            };

        void Seconds(Utf8JsonWriter json) => json.WriteNumber("skewSeconds", (long)Math.Round(skew.TotalSeconds));
    }

    private static Check LatencyCheck(Answer? list)
    {
        if (list is null)
        {
            return new("latency", CheckState.Unknown, "no list was answered");
        }

        var took = Milliseconds(list.Took);
        return (list.Took <= _mostLatency
            ? new Check("latency", CheckState.Ok, $"a list of one object takes {took}")
            : new("latency", CheckState.Warning, $"a list of one object takes {took}",
                "check the load of the API server, and the network between")) with
        {
            Facts = json => json.WriteNumber("latencyMs", Math.Round(list.Took.TotalMilliseconds)),
        };
    }

    private async Task<Check> ProtobufAsync(bool canList, CancellationToken ct)
    {
        if (!canList)
        {
            return new("protobuf", CheckState.Unknown, "no list was answered");
        }

        var answer = await TryAsync(SlicesPath + "?limit=1", Protobuf, ct).ConfigureAwait(false);
        var isServed = answer?.MediaType == Protobuf;
        return new("protobuf", CheckState.Ok, isServed ? "served" : "not served; JSON is")
        {
            Facts = json => json.WriteBoolean("served", isServed),
        };
    }

    private static Check WarningCheck(IReadOnlyList<string> warnings) => warnings.Count == 0
        ? new("warnings", CheckState.Ok, "none")
        : new("warnings", CheckState.Warning, $"the server warns: {string.Join("; ", warnings)}", "do what the server says")
        {
            Facts = json =>
            {
                json.WriteStartArray("warnings");
                foreach (var warning in warnings)
                {
                    json.WriteStringValue(warning);
                }

                json.WriteEndArray();
            },
        };

    /// <summary>Formats a short duration: <c>12 ms</c>.</summary>
    public static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms");

    private static string Span(TimeSpan span) => HumanFormat.Span(span);
}
