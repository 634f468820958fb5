namespace Rx.Kube.Cli.CommandLine;

/// <summary>What was asked for cannot be done, and only now is that known: exit code 2.</summary>
/// <param name="message">What is wrong, and what cures it. Not escaped.</param>
/// <param name="innerException">The cause; null for none.</param>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
