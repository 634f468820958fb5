using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>A slice that changes, written as an API server writes it: the same fields, in the same order, without whitespace.</summary>
internal sealed class ServerSlice
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<JsonObject> _endpoints = [];
    private int _version = 1000;
    private int _created;
    private bool _hasFinalizer;
    private string _label = "cache";

    public ServerSlice(int endpoints)
    {
        for (var i = 0; i < endpoints; i++)
        {
            _endpoints.Add(New());
        }
    }

    public string Name { get; init; } = "cache-x7k2p";

    public string Namespace { get; init; } = "prod";

    public void SetReady(int endpoint, bool isReady)
    {
        _version++;
        _endpoints[endpoint]["conditions"]!["ready"] = isReady;
    }

    /// <summary>Changes the slice in one way or several.</summary>
    public void Change(Random random)
    {
        _version += random.Next(1, 2000);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(_endpoints.Count + 1);
            switch (random.Next(12))
            {
                case 0:
                    _endpoints.Insert(at, New());
                    break;
                case 1:
                    _endpoints.InsertRange(at, Enumerable.Range(0, random.Next(60)).Select(_ => New()));
                    break;
                case 2:
                    _endpoints.RemoveRange(at, Math.Min(_endpoints.Count - at, random.Next(40)));
                    break;
                case 3:
                    _endpoints.Reverse();
                    break;
                case 4:
                    _hasFinalizer = !_hasFinalizer;
                    break;
                case 5:
                    _label = $"cache{random.Next(2)}";
                    break;
                case 6:
                    _endpoints.ForEach(e => e["zone"] = $"z{random.Next(2)}");
                    break;
                default:
                    if (at < _endpoints.Count)
                    {
                        Change(_endpoints[at], random);
                    }

                    break;
            }

            if (_endpoints.Count > 0 && random.Next(3) == 0)
            {
                var moved = _endpoints[^1];
                _endpoints.RemoveAt(_endpoints.Count - 1);
                _endpoints.Insert(random.Next(_endpoints.Count + 1), moved);
            }
        }
    }

    public byte[] Text()
    {
        var time = $"2026-01-02T03:{_version / 60 % 60:d2}:{_version % 60:d2}Z";
        var metadata = new JsonObject
        {
            ["name"] = Name,
            ["generateName"] = "cache-",
            ["namespace"] = Namespace,
            ["uid"] = "6b1c0f3e-7f55-4d1c-9a70-000000000001",
            ["resourceVersion"] = $"{_version}",
            ["generation"] = _version - 990,
            ["creationTimestamp"] = "2026-01-02T03:04:05Z",
            ["labels"] = new JsonObject { ["app"] = _label, ["kubernetes.io/service-name"] = "cache" },
            ["annotations"] = new JsonObject { ["endpoints.kubernetes.io/last-change-trigger-time"] = time },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Service",
                ["name"] = "cache",
                ["uid"] = "0d7c55a1-31f7-4a2b-8a41-000000000000",
                ["controller"] = true,
            }),
        };
        if (_hasFinalizer)
        {
            metadata["finalizers"] = new JsonArray("example.com/keep");
        }

        metadata["managedFields"] = new JsonArray(new JsonObject
        {
            ["manager"] = "kube-controller-manager",
            ["operation"] = "Update",
            ["time"] = time,
            ["fieldsV1"] = new JsonObject
            {
                ["f:endpoints"] = new JsonObject(),
                ["f:time"] = new JsonObject { ["time"] = new JsonObject() },
            },
        });
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["kind"] = "EndpointSlice",
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["metadata"] = metadata,
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. _endpoints.Select(e => e.DeepClone())]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["protocol"] = "TCP", ["port"] = 8080 }),
        }.ToJsonString(Options));
    }

    private static void Change(JsonObject endpoint, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                endpoint["nodeName"] = $"node-{random.Next(5)}";
                break;
            case 1:
                endpoint["hints"] = new JsonObject { ["forZones"] = new JsonArray(new JsonObject { ["name"] = $"z{random.Next(3)}" }) };
                break;
            case 2:
                endpoint["addresses"] = new JsonArray($"10.9.{random.Next(2)}.{random.Next(3)}");
                break;
            default:
                endpoint["conditions"]!["ready"] = random.Next(2) == 0;
                break;
        }
    }

    private JsonObject New()
    {
        var pod = _created++;
        return new JsonObject
        {
            ["addresses"] = new JsonArray($"10.1.{pod / 250}.{pod % 250}"),
            ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
            ["targetRef"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["namespace"] = Namespace,
                ["name"] = $"cache-{pod}",
                ["uid"] = $"2f8e9a1c-5c43-4e57-b1c4-{pod:d12}",
            },
            ["nodeName"] = $"node-{pod % 7}",
            ["zone"] = $"z{pod % 3}",
        };
    }
}
