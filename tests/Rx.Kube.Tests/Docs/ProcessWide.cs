using System.Threading.Channels;

namespace Rx.Kube.Tests.Docs;

/// <summary>Tests that change what the whole process sees run alone.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Collection = "process-wide state";
}

/// <summary>Environment variables for the time of a test; null unsets one.</summary>
internal sealed class ProcessVariables : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    public string? this[string name]
    {
        set
        {
            _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}

/// <summary>What is written to the console meanwhile, line by line.</summary>
internal sealed class ConsoleLines : IDisposable
{
    private readonly TextWriter _before = Console.Out;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public ConsoleLines() => Console.SetOut(new Writer(_lines.Writer));

    public async Task<string> NextAsync(TimeSpan patience) => await _lines.Reader.ReadAsync().AsTask().WaitAsync(patience);

    public void Dispose() => Console.SetOut(_before);

    private sealed class Writer(ChannelWriter<string> lines) : StringWriter
    {
        public override void WriteLine(string? value) => lines.TryWrite(value ?? "");
    }
}
