using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Runs the tool on a pseudo terminal of the operating system (Linux). Its size is 0x0 until a test sets one.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const uint SetSize = 0x5414;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly SafeFileHandle _master;
    private readonly FileStream _keys;
    private readonly StringBuilder _output = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly Process _tool;
    private readonly Thread _reader;

    /// <summary>Starts the tool. After its end, the settings of the terminal are printed (<c>stty -a</c>).</summary>
    /// <param name="size">The size of the terminal.</param>
    /// <param name="args">The arguments, which must not need quotes.</param>
    public PseudoTerminal((ushort Width, ushort Height) size, string args)
    {
        _master = Open(ReadWrite | NoControllingTerminal);
        Assert.Equal(0, Grant(_master) + Unlock(_master));
        var name = new byte[100];
        Assert.Equal(0, NameOf(_master, name, name.Length));
        var path = Encoding.ASCII.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0)));
        var dimensions = new Dimensions { Rows = size.Height, Columns = size.Width };
        Assert.Equal(0, Control(_master, SetSize, ref dimensions));
        _keys = new FileStream(_master, FileAccess.Write, bufferSize: 0);
        _tool = Process.Start(new ProcessStartInfo(
            "sh", ["-c", $"exec <{path} >{path} 2>&1; dotnet \"$TOOL\" {args}; code=$?; stty -a; exit $code"])
        {
            Environment =
            {
                ["TOOL"] = Path.Combine(AppContext.BaseDirectory, "rxkube.dll"),
                ["TERM"] = "xterm-256color",
                ["LANG"] = "C.UTF-8",
                ["COLUMNS"] = null,
                ["LINES"] = null,
            },
        })!;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async Task WaitForAsync(string text)
    {
        using var limit = new CancellationTokenSource(_limit);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await _more.WaitAsync(limit.Token);
        }
    }

    public void Type(string keys) => _keys.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Waits for the end of the tool and of its output.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _tool.WaitForExitAsync().WaitAsync(_limit);
        Assert.True(_reader.Join(_limit), "A process still has the terminal open."); // the last bytes are read after the exit
        return _tool.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _tool.Kill(entireProcessTree: true);
        await _tool.WaitForExitAsync();
        _tool.Dispose();
        _reader.Join(_limit); // the read fails when the last process has closed the terminal
        await _keys.DisposeAsync();
        _master.Dispose();
        _more.Dispose();
    }

    private void Read()
    {
        var (buffer, decoder) = (new byte[4096], Encoding.UTF8.GetDecoder());
        var text = new char[4096];
        while (ReadSome(_master, buffer, (nuint)buffer.Length) is > 0 and var count)
        {
            var length = decoder.GetChars(buffer, 0, (int)count, text, 0);
            lock (_output)
            {
                _output.Append(text, 0, length);
            }

            _more.Release();
        }
    }

    [DllImport("libc", EntryPoint = "posix_openpt")]
    private static extern SafeFileHandle Open(int flags);

    [DllImport("libc", EntryPoint = "grantpt")]
    private static extern int Grant(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "unlockpt")]
    private static extern int Unlock(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "ptsname_r")]
    private static extern int NameOf(SafeFileHandle master, byte[] name, nint length);

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Control(SafeFileHandle master, nuint request, ref Dimensions size);

    [DllImport("libc", EntryPoint = "read")]
    private static extern nint ReadSome(SafeFileHandle master, byte[] buffer, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Dimensions
    {
        public ushort Rows;
        public ushort Columns;
        public ushort WidthInPixels;
        public ushort HeightInPixels;
    }
}
