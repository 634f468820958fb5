using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>The TLS server of OpenSSL, which verifies client certificates as most servers do, and tells by alerts what is wrong.</summary>
internal sealed class OpenSslServer : IDisposable
{
    private readonly Process _process;

    private OpenSslServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Starts the server on a free port of loopback.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="authority">The CA that client certificates must have.</param>
    /// <param name="options">Further options of s_server.</param>
    public static async Task<OpenSslServer> StartAsync(
        TempFolder folder, X509Certificate2 certificate, TestAuthority authority, params string[] options)
    {
        var (pem, key) = TestAuthority.PemOf(certificate);
        var start = new ProcessStartInfo("openssl")
        {
            RedirectStandardInput = true, // which ends it with this process
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "s_server", "-accept", "127.0.0.1:0", "-cert", folder.Write("server.pem", pem), "-key", folder.Write("server.key", key),
            "-CAfile", folder.Write("client-ca.pem", authority.Pem), "-Verify", "1", "-verify_return_error", "-alpn", "h2", .. options,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
            {
                process.OutputDataReceived += (_, _) => { };
                _ = process.StandardOutput.ReadToEndAsync();
                return new OpenSslServer(process, int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture));
            }
        }

        throw new InvalidOperationException("openssl s_server did not start");
    }

    /// <summary>Gives a command to the server, such as <c>r</c> to renegotiate.</summary>
    public void Say(string command) => _process.StandardInput.WriteLine(command);

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}

/// <summary>A test with OpenSSL's server.</summary>
internal sealed class OpenSslTheoryAttribute : TheoryAttribute
{
    public OpenSslTheoryAttribute() =>
        Skip = ExecutableFinder.Find("openssl", Environment.GetEnvironmentVariable("PATH")) is not null
                || Environment.GetEnvironmentVariable("CI") is not null
            ? null
            : "Needs openssl on the PATH.";
}
