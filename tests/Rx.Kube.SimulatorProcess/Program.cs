using Rx.Kube.Simulator;

// Prints the address, then applies each line of the input, which is a manifest, and answers "applied". It ends with its input.
await using var server = await ApiServerSimulator.StartAsync();
Console.WriteLine(server.Url);
while (await Console.In.ReadLineAsync() is { } manifest)
{
    server.Cluster.Apply(manifest);
    Console.WriteLine("applied");
}
