using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;

return await RxKube.RunAsync(args, SystemHost.Create()).ConfigureAwait(false);
