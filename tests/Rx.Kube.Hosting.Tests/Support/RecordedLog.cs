using Microsoft.Extensions.Logging;

namespace Rx.Kube.Hosting.Tests.Support;

/// <summary>Records what is logged: <c>Warning Topology cache: …</c>.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly List<(string Category, string Line)> _lines = [];

    /// <summary>Gets the lines of the package.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines.Where(line => line.Category == "Rx.Kube.Hosting").Select(line => line.Line)];
            }
        }
    }

    /// <summary>Gets the lines of every category.</summary>
    public string All
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines.Select(line => line.Line));
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(string category, string line)
    {
        lock (_lines)
        {
            _lines.Add((category, line));
        }
    }

    private sealed class Category(RecordedLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(name, $"{logLevel} {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}");
    }
}
