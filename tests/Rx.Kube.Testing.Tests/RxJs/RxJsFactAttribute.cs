using System.Runtime.CompilerServices;

namespace Rx.Kube.Testing.Tests.RxJs;

/// <summary>A test against RxJS; skipped with the reason where RxJS is not available; on CI it must run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RxJsFactAttribute : FactAttribute
{
    public RxJsFactAttribute([CallerMemberName] string test = "")
    {
        Skip = NodeProcess.IsRequired ? null : NodeProcess.Missing;
        DisplayName = Skip is null ? null : $"{test} (it needs node, npm and, once, the npm registry)"; // `dotnet test` prints no reasons
    }
}
