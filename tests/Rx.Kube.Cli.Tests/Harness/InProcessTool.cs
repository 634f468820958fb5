using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using System.Threading.Channels;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Runs the tool in this process and in real time, and reads its output line by line.</summary>
internal sealed class InProcessTool
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private readonly Subject<Unit> _stop = new();
    private readonly LineWriter _out = new();
    private readonly StringWriter _error = new();
    private Task<int> _run = Task.FromResult(-1);

    public string Error => _error.ToString();

    public void Start(params string[] args) => _run = RxKube.RunAsync(args, new CliHost
    {
        Out = _out,
        Error = TextWriter.Synchronized(_error),
        Scheduler = DefaultScheduler.Instance,
        Stop = _stop,
        Suspend = Observable.Never<Unit>(),
        Redraw = Observable.Never<Unit>(),
    });

    /// <summary>Gets the next line. A tool that ended instead, or waits, is named with what it wrote to its standard error.</summary>
    public async Task<string> LineAsync()
    {
        // Waiting takes no line: one that is written right before the end is there.
        await Task.WhenAny(_out.Lines.WaitToReadAsync().AsTask(), _run, Task.Delay(_limit));
        var hasLine = _out.Lines.TryRead(out var line);
        Assert.True(hasLine, $"No line; {(_run.IsCompleted ? $"ended with {await _run}" : "still running")}. {Error}");
        return line!;
    }

    public async Task<string> LineAsync(string containing)
    {
        while (true)
        {
            var line = await LineAsync();
            if (line.Contains(containing, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public string Rest()
    {
        var lines = new StringBuilder();
        while (_out.Lines.TryRead(out var line))
        {
            lines.Append(line).Append('\n');
        }

        return lines.ToString();
    }

    public Task<int> EndAsync() => _run.WaitAsync(_limit);

    public Task<int> StopAsync()
    {
        _stop.OnNext(Unit.Default);
        return EndAsync();
    }

    private sealed class LineWriter : TextWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _rest = new(); // a line may come in many pieces

        public ChannelReader<string> Lines => _lines.Reader;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value != '\n')
            {
                _rest.Append(value);
                return;
            }

            _lines.Writer.TryWrite(_rest.ToString());
            _rest.Clear();
        }

        public override void Write(string? value)
        {
            foreach (var character in value ?? "")
            {
                Write(character);
            }
        }
    }
}
