using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>One event of the log under the table.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="Sign">What it is: <c>+ ~ - = ! ?</c>.</param>
/// <param name="Style">The style of the sign.</param>
/// <param name="Member">The member, escaped; empty when it is about the connection.</param>
/// <param name="Text">The words, escaped.</param>
internal sealed record LogEntry(DateTimeOffset At, char Sign, Style Style, string Member, string Text);
