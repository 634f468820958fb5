// The client-go informer beside which Rx.Kube is measured. It reads what the harness gives it, and prints figures.
// It is a client of its own process, so that its garbage collector and its threads are in its figures.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: client-go wire|cold|latency|encode [flags]"))
	}
	// The harness answers lists, as most servers of the day do; streaming lists are an option of both clients.
	os.Setenv("KUBE_FEATURE_WatchListClient", "false")
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	format := flags.String("format", "json", "json or protobuf")
	list := flags.String("list", "", "the list, as JSON")
	events := flags.String("events", "", "the events of a round, as lines of JSON")
	server := flags.String("server", "", "the address of an API server")
	ca := flags.String("ca", "", "the certificates to trust")
	token := flags.String("token", "", "the token of the server")
	namespace := flags.String("namespace", "production", "the namespace")
	rounds := flags.Int("rounds", 1, "how often a list is read in this process")
	outList := flags.String("out-list", "", "the list, as protobuf")
	outEvents := flags.String("out-events", "", "the events, as protobuf")
	if err := flags.Parse(os.Args[2:]); err != nil {
		fail(err)
	}
	media := "application/json"
	if *format == "protobuf" {
		media = "application/vnd.kubernetes.protobuf"
	}
	switch os.Args[1] {
	case "wire":
		fail(wire(media, *list, *events, *namespace))
	case "cold":
		for range *rounds {
			fail(cold(media, *list, *namespace))
		}
	case "latency":
		fail(latency(media, *server, *ca, *token, *namespace))
	case "encode":
		fail(encode(*list, *events, *outList, *outEvents))
	default:
		fail(fmt.Errorf("there is no %q", os.Args[1]))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
