using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Rx.Kube.Tests.Architecture;

/// <summary>
/// The text of an exception may be that of a peer, so only <c>Connection/Outside</c> reads it. Each other place is listed here, with the
/// reason why what it makes of it is safe.
/// </summary>
public sealed class MessageTests
{
    private const string Cleaned = "thrown inside a request, whose exceptions Connection/Outside makes safe before they leave it";

    private static readonly Dictionary<string, string> _readers = new()
    {
        ["Connection/KubeConnection.cs"] = "the last failure, of an exception that Outside has made safe",
        ["Connection/Kubeconfig/KubeconfigFile.cs"] = "a bound of this library, which quotes nothing",
        ["Connection/Transport/CertificateRefusal.cs"] = "finds the number of a TLS alert",
        ["Connection/Transport/ProxyTls.cs"] = Cleaned,
        ["Connection/Transport/ServerTls.cs"] = Cleaned,
        ["Connection/Transport/ServerTransport.cs"] = Cleaned,
        ["Connection/Transport/TransportErrors.cs"] = Cleaned,
        ["Wire/ByteWindow.cs"] = Cleaned,
        ["Wire/Json/JsonWatchLines.cs"] = Cleaned,
        ["Wire/Json/WireJson.cs"] = Cleaned,
        ["Wire/Protobuf/ProtobufEvent.cs"] = "a text of this library, which quotes numbers only",
        ["Wire/Protobuf/ProtobufListReader.cs"] = "the same",
        ["Resources/JsonErrors.cs"] = "becomes the reason of a skipped object, which Watching/EventDecoder makes safe",
        ["Watching/EventDecoder.cs"] = "makes it safe itself",
        ["Watching/Resuming/AttemptEnd.cs"] = "safe already if it is that of a connection; escaped and cut if it is that of another source",
        ["Watching/Telemetry/WatchTelemetry.cs"] = "the same",
        ["Reactive/AsyncObservable.cs"] = "the text of a subscriber, which is never shown",
        ["Telemetry/SubscriberTelemetry.cs"] = "the text of a subscriber",
    };

    [Fact]
    public void Only_listed_files_read_the_text_of_an_exception()
    {
        var compilation = ModuleGuard.Compile();
        var exception = compilation.GetTypeByMetadataName("System.Exception")!;
        var readers = (
            from tree in compilation.SyntaxTrees
            where !tree.FilePath.StartsWith("Connection/Outside/", StringComparison.Ordinal)
            let model = compilation.GetSemanticModel(tree)
            from access in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            where access.Identifier.Text is "Message" or "ToString" or "StackTrace"
            where TypeOf(access, model) is { } type && Is(type, exception)
            select tree.FilePath).ToHashSet();

        Assert.Equal(_readers.Keys.Order(StringComparer.Ordinal), readers.Order(StringComparer.Ordinal));
    }

    private static ITypeSymbol? TypeOf(SimpleNameSyntax name, SemanticModel model) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => model.GetTypeInfo(access.Expression).Type,
        MemberBindingExpressionSyntax { Parent.Parent: ConditionalAccessExpressionSyntax access } =>
            model.GetTypeInfo(access.Expression).Type,
        _ => null,
    };

    private static bool Is(ITypeSymbol? type, ITypeSymbol wanted)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, wanted))
            {
                return true;
            }
        }

        return false;
    }
}
