using System.Reactive.Linq;
using System.Reflection;

namespace Rx.Kube.Tests.Contracts;

/// <summary>Every time that an operator on streams takes has a range, which is checked at the call and named in the message.</summary>
public sealed class TimeParameterTests
{
    private static readonly (MethodInfo Method, ParameterInfo Time)[] _times =
    [
        .. from method in typeof(KubeObservable).GetMethods(BindingFlags.Public | BindingFlags.Static)
           from parameter in method.GetParameters()
           where parameter.ParameterType == typeof(TimeSpan) && !typeof(Task).IsAssignableFrom(method.ReturnType)
           select (method, parameter),
    ];

    public static TheoryData<string, string, int> Times
    {
        get
        {
            var times = new TheoryData<string, string, int>();
            Array.ForEach(_times, t => times.Add(t.Method.Name, t.Time.Name!, t.Method.GetParameters().Length));
            return times;
        }
    }

    [Theory]
    [MemberData(nameof(Times))]
    public void A_time_that_is_too_long_is_refused_with_its_range(string method, string parameter, int parameters)
    {
        foreach (var time in (TimeSpan[])[TimeSpan.FromDays(1) + TimeSpan.FromTicks(1), TimeSpan.MaxValue])
        {
            var refused = Assert.IsType<ArgumentOutOfRangeException>(Refused(method, parameter, parameters, time));

            Assert.Equal((parameter, time), (refused.ParamName, refused.ActualValue));
            Assert.Contains($"{parameter} must be ", refused.Message, StringComparison.Ordinal);
            Assert.Contains("at most 1 day", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Times))]
    public void A_negative_time_is_refused_and_the_longest_time_is_not(string method, string parameter, int parameters)
    {
        var refused = Assert.IsType<ArgumentOutOfRangeException>(Refused(method, parameter, parameters, TimeSpan.FromTicks(-1)));
        Assert.Equal(parameter, refused.ParamName);
        Assert.Null(Refused(method, parameter, parameters, TimeSpan.FromDays(1)));
    }

    [Fact]
    public void The_bound_of_Settle_is_at_least_the_quiet_time()
    {
        var (quiet, atMost) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => Observable.Never<char>().Settle(quiet, atMost));

        Assert.Equal("atMost", refused.ParamName);
        Assert.Contains("atMost must be at least 00:00:02 and at most 1 day", refused.Message, StringComparison.Ordinal);
    }

    // Times before it are a tick and times after it a day, so that they are in order.
    private static Exception? Refused(string name, string parameter, int parameters, TimeSpan time)
    {
        var (method, timed) = _times.Single(
            t => t.Method.Name == name && t.Time.Name == parameter && t.Method.GetParameters().Length == parameters);
        method = method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(string)) : method;
        var arguments = method.GetParameters().Select(p =>
            p.Position == timed.Position ? time
            : p.ParameterType == typeof(TimeSpan) ? (p.Position < timed.Position ? TimeSpan.FromTicks(1) : TimeSpan.FromDays(1))
            : p.HasDefaultValue ? p.DefaultValue
            : p.ParameterType == typeof(TopologyLimits) ? TopologyLimits.Default
            : Never(p.ParameterType));
        return Record.Exception(() => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. arguments], null));
    }

    private static object Never(Type observable) =>
        typeof(Observable).GetMethods().Single(m => m.Name == nameof(Observable.Never) && m.GetParameters().Length == 0)
            .MakeGenericMethod(observable.GetGenericArguments()).Invoke(null, null)!;
}
