using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rx.Kube.Yarp.Tests.Support;

/// <summary>Records what is logged, from Information on: <c>Warning Topology cache: …</c>.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Line)> _lines = new();

    /// <summary>Gets the lines of the package.</summary>
    public IReadOnlyList<string> Lines => [.. _lines.Where(line => line.Category == "Rx.Kube.Yarp").Select(line => line.Line)];

    /// <summary>Gets the lines of every category.</summary>
    public IReadOnlyList<string> All => [.. _lines.Select(line => line.Line)];

    public ILogger CreateLogger(string categoryName) => new Category(_lines, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(ConcurrentQueue<(string, string)> lines, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((name, $"{logLevel} {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}"));
    }
}
