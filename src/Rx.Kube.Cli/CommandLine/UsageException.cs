namespace Rx.Kube.Cli.CommandLine;

/// <summary>Represents a usage error that is found only while the command runs: exit code 2.</summary>
/// <param name="message">The mistake and its fix. Not escaped.</param>
/// <param name="innerException">The cause, or null.</param>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
