using System.Runtime.CompilerServices;

namespace Rx.Kube.Testing.Tests.RxJs;

/// <summary>A test against RxJS; skipped with the reason where RxJS cannot be had, but on CI it must run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RxJsFactAttribute : FactAttribute
{
    public RxJsFactAttribute([CallerMemberName] string test = "")
    {
        Skip = NodeProcess.IsRequired ? null : NodeProcess.Missing;
        DisplayName = Skip is null ? null : $"{test} (to run it: install node and npm)"; // `dotnet test` prints names, not reasons
    }
}
