namespace Rx.Kube;

/// <summary>
/// Limits on what a <see cref="KubeConnection"/> reads besides lists and watches, which have <see cref="WireLimits"/>: the files of a
/// configuration, the output of an exec plugin, and what a server or a proxy sends around its answers. The message of an error names the
/// limit. <c>docs/reliability.md</c> lists these limits and those that are fixed.
/// </summary>
public sealed record ConnectionLimits
{
    /// <summary>Gets the default limits.</summary>
    public static ConnectionLimits Default { get; } = new();

    /// <summary>
    /// Gets the largest size of a file, in bytes: a kubeconfig, a token, a certificate, a key, a CA, a namespace. At least 1 and at most
    /// 1 GiB. The default is 4 MiB: far larger than any of these. A file is held in memory as a whole.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxFileBytes
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 30);
    } = 4 << 20;

    /// <summary>
    /// Gets how long it may take to read a file other than a kubeconfig. More than zero and at most one day. The default is 5 s. The thread
    /// that calls <see cref="KubeConnection.Default"/>, or waits for a credential, may be blocked for as long. Measured in real time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxFileTime
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets how long it may take to read a kubeconfig, which may be a pipe from a command. More than zero and at most one day. The default
    /// is 60 s, as for an exec plugin. Measured in real time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxKubeconfigTime
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Gets the largest number of threads that one file keeps while it hangs: a read that hangs cannot be cancelled, and another one begins
    /// after ever longer pauses, because the file may have been replaced. At least 1 and at most 1,024. The default is 64, which are
    /// reached after ten hours.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxFileThreads
    {
        get;
        init => field = (int)NumberRange.Within(value, 1024);
    } = 64;

    /// <summary>
    /// Gets how many levels a kubeconfig may have. At least 1 and at most 256, because the levels are walked recursively. The default is
    /// 40.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxKubeconfigDepth
    {
        get;
        init => field = (int)NumberRange.Within(value, 256);
    } = 40;

    /// <summary>
    /// Gets how many nodes a kubeconfig may have, with its aliases expanded. At least 1 and at most 100,000,000. The default is 200,000. It
    /// limits the output of an exec plugin in YAML, too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxKubeconfigNodes
    {
        get;
        init => field = (int)NumberRange.Within(value, 100_000_000);
    } = 200_000;

    /// <summary>
    /// Gets the largest size of the output of an exec plugin, in bytes. At least 1 and at most 1 GiB. The default is 1 MiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPluginBytes
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 30);
    } = 1 << 20;

    /// <summary>
    /// Gets how many levels the output of an exec plugin may have. At least 1 and at most 256. The default is 32.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPluginDepth
    {
        get;
        init => field = (int)NumberRange.Within(value, 256);
    } = 32;

    /// <summary>
    /// Gets how long a process that an exec plugin started may keep the plugin's output open after the plugin has exited: until then the
    /// end of the answer is not known. More than zero and at most one day. The default is 1 s. Measured on
    /// <see cref="KubeConnectionOptions.Scheduler"/>. The plugin itself has <see cref="KubeConnectionOptions.ExecTimeout"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxPluginDelay
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets how many lines of the standard error of an exec plugin are told to <see cref="KubeConnectionOptions.OnNotice"/>; further ones
    /// are read and dropped. At least 1 and at most 1,000,000. The default is 1,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPluginErrorLines
    {
        get;
        init => field = (int)NumberRange.Within(value, 1_000_000);
    } = 1000;

    /// <summary>
    /// Gets the largest size of the headers of an answer, in bytes, as <see cref="SocketsHttpHandler.MaxResponseHeadersLength"/> counts
    /// them. A multiple of 1,024, at least 1,024 and at most 64 MiB. The default is 64 KiB. Not used by <see cref="KubeConnection.From"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range, or not a multiple of 1,024.</exception>
    public int MaxHeaderBytes
    {
        get;
        init => field = value % 1024 == 0
            ? (int)NumberRange.Within(value, 64 << 20, 1024)
            : throw new ArgumentOutOfRangeException(nameof(MaxHeaderBytes), value, "A multiple of 1024.");
    } = 64 << 10;

    /// <summary>
    /// Gets how many bytes are read of the body of an answer that is not a list or a watch. At least 1 and at most 16 MiB. The default is
    /// 64 KiB. Of an error with more, the status line is used. The answer to a question about the own user, which only the tool asks, is an
    /// error if it has more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxAnswerBytes
    {
        get;
        init => field = (int)NumberRange.Within(value, 16 << 20);
    } = 64 << 10;

    /// <summary>
    /// Gets the largest size of the head of a proxy's answer to a request for a tunnel, in bytes. At least 1 and at most 1 MiB. The default
    /// is 16 KiB. Not used by <see cref="KubeConnection.From"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxProxyHeadBytes
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 20);
    } = 16 << 10;

    /// <summary>
    /// Gets how many addresses of a name are tried. At least 1 and at most 65,536. The default is 64: with more of them, a client scans a
    /// network for the owner of the name. Not used by <see cref="KubeConnection.From"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxAddresses
    {
        get;
        init => field = (int)NumberRange.Within(value, 1 << 16);
    } = 64;

    /// <summary>Gets a number of bytes as messages have it.</summary>
    internal static string Text(int bytes) => bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : $"{bytes} bytes";
}
