using Rx.Kube.Benchmarks.Peers;

return args is [var client, var folder, var endpoints] && RxKubeCold.Clients.TryGetValue(client, out var run)
    ? RxKubeCold.Run(run, folder, endpoints)
    : throw new ArgumentException($"Usage: {string.Join('|', RxKubeCold.Clients.Keys)} FOLDER ENDPOINTS");
