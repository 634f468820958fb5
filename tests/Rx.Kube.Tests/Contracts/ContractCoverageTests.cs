using System.Reactive.Concurrency;
using System.Reflection;

namespace Rx.Kube.Tests.Contracts;

/// <summary>Every public method that returns a stream has a contract test.</summary>
public sealed class ContractCoverageTests
{
    private static readonly MethodInfo[] _streams =
    [
        .. typeof(KubeConnection).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => IsStream(m.ReturnType) && !m.IsSpecialName),
    ];

    [Fact]
    public void Every_public_method_that_returns_a_stream_has_a_contract_test()
    {
        var tested =
            from test in typeof(ContractCoverageTests).Assembly.GetTypes()
            from of in test.GetCustomAttributes<ContractOfAttribute>()
            select (Name(of.Type, of.Method), test);

        Assert.All(tested, t => Assert.True(IsContract(t.test), $"{t.test.Name} has [ContractOf] but does not derive from StreamContract"));
        var missing = _streams.Select(m => Name(m.DeclaringType!, m.Name)).Distinct().Except(tested.Select(t => t.Item1)).ToList();
        Assert.True(
            missing.Count == 0,
            $"Without a contract test: {string.Join(", ", missing)}. " +
            "To fix: add a class to tests/Rx.Kube.Tests, in the folder of its module, derived from OperatorContract or StreamContract, " +
            "with [ContractOf(…)].");
    }

    [Fact]
    public void A_scheduler_is_the_last_parameter_and_may_be_left_out()
    {
        var demanding =
            from method in _streams
            let parameters = method.GetParameters()
            from parameter in parameters
            where parameter.ParameterType == typeof(IScheduler)
            where parameter != parameters[^1] || !parameter.HasDefaultValue
            select Name(method.DeclaringType!, method.Name);

        Assert.Empty(demanding);
    }

    private static string Name(Type type, string method) => $"{type.Name}.{method}";

    private static bool IsStream(Type type) => type.GetInterfaces().Append(type)
        .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IObservable<>));

    private static bool IsContract(Type? type) => type is not null &&
        ((type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StreamContract<>)) || IsContract(type.BaseType));
}
