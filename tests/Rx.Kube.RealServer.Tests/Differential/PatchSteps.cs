using static Rx.Kube.RealServer.Tests.Differential.RequestBodies;
using static Rx.Kube.RealServer.Tests.Differential.Step;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Requests with the three kinds of patches.</summary>
internal static class PatchSteps
{
    private const string A = Slices + "/a";
    private const string Pod = Core + "pods/p";

    internal static IReadOnlyList<Step> All { get; } =
    [
        Post(Slices, Slice("a", "\"app\": \"a\"")) with { Name = "a" },
        Patch("merge", A, """{"metadata":{"labels":{"app":null,"z":"1"}}}"""),
        Patch("merge", A, """{"endpoints":[{"addresses":["10.0.0.2"]}]}"""),
        Patch("merge", A, """{"endpoints":null}"""),
        Patch("merge", A, "{}"),
        Patch("merge", A, """{"metadata":{"name":"b"}}"""),
        Patch("merge", A, """{"metadata":{"namespace":"b"}}"""),
        Patch("merge", A, """{"metadata":{"resourceVersion":"{rv:a}"}}"""),
        Patch("merge", A, "{bad") with { AnyMessage = true },
        Patch("merge", A, """{"ports":5}""") with { AnyMessage = true },
        Patch("merge", A, """{"metadata":{"name":5}}""") with { AnyMessage = true },
        Patch("merge", A, """{"kind":"Pod"}""") with { AnyMessage = true },
        Patch("merge", A, """{"foo":1}"""),
        Patch("merge", A + "?fieldValidation=Strict", """{"foo":1}""") with { AnyMessage = true },
        Patch("merge", A + "?dryRun=All", """{"metadata":{"labels":{"dry":"1"}}}"""),
        Patch("merge", Slices + "/missing", "{}"),
        Patch("json", A,
            """[{"op":"add","path":"/metadata/labels/q","value":"2"},{"op":"test","path":"/metadata/labels/q","value":"2"}]"""),
        Patch("json", A, """[{"op":"add","path":"/endpoints","value":[{"addresses":["10.0.0.3"]}]}]"""),
        Patch("json", A,
            """[{"op":"add","path":"/endpoints/0","value":{"addresses":["10.0.0.4"]}},""" +
            """{"op":"add","path":"/endpoints/-","value":{"addresses":["10.0.0.5"]}}]"""),
        Patch("json", A,
            """[{"op":"replace","path":"/endpoints/1/addresses/0","value":"10.0.0.6"},{"op":"remove","path":"/endpoints/0"}]"""),
        Patch("json", A,
            """[{"op":"copy","from":"/metadata/labels/q","path":"/metadata/labels/r"},""" +
            """{"op":"move","from":"/metadata/labels/q","path":"/metadata/labels/s~1t"}]"""),
        Patch("json", A, """[{"op":"test","path":"/metadata/labels/z","value":"9"}]"""),
        Patch("json", A, """[{"op":"remove","path":"/metadata/labels/none"}]"""),
        Patch("json", A, """[{"op":"replace","path":"/endpoints/9","value":1}]"""),
        Patch("json", A, """{"op":"remove"}"""),
        Patch("strategic-merge", A, """{"metadata":{"labels":{"s":"1","z":null}},"endpoints":[{"addresses":["10.0.0.7"]}]}"""),
        Patch("strategic-merge", A, """{"metadata":{"finalizers":["example.com/a"]}}"""),
        Patch("strategic-merge", A, """{"metadata":{"finalizers":["example.com/b"]}}"""),
        Patch("strategic-merge", A, """{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.com/a"]}}"""),
        Patch("strategic-merge", A, """{"metadata":{"labels":{"$patch":"replace","only":"1"}}}"""),
        Patch("unknown", A, "{}") with { ContentType = "application/xml" },
        Get(A),

        Post(Core + "pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"1"},{"name":"d","image":"1"}]}}"""),
        Patch("strategic-merge", Pod, """{"spec":{"containers":[{"name":"d","image":"2"},{"name":"e","image":"1"}]}}"""),
        Patch("strategic-merge", Pod,
            """{"spec":{"containers":[{"name":"c","$patch":"delete"},{"name":"e","ports":[{"containerPort":80}]}]}}"""),
        Patch("strategic-merge", Pod, """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""),
        Patch("strategic-merge", Pod, """{"status":{"conditions":[{"type":"Ready","status":"False"}]}}"""),
        Post(Core + "services", """{"metadata":{"name":"s"},"spec":{"selector":{"a":"b"},"ports":[{"port":80}]}}"""),
        Patch("strategic-merge", Core + "services/s",
            """{"spec":{"$setElementOrder/ports":[{"port":80},{"port":81}],"ports":[{"port":81,"name":"x"}]}}"""),
    ];
}
