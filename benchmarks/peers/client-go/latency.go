package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"time"

	discovery "k8s.io/api/discovery/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Watches a server, and prints at the end of the standard input when each version was in the informer's store: its resourceVersion, and
// the time in ns since 1970.
func latency(media, server, ca, token, namespace string) error {
	type sight struct {
		version string
		at      int64
	}
	var lock sync.Mutex
	var sights []sight
	see := func(object any) {
		at := time.Now().UnixNano()
		lock.Lock()
		sights = append(sights, sight{object.(*discovery.EndpointSlice).ResourceVersion, at})
		lock.Unlock()
	}
	config := &rest.Config{Host: server, BearerToken: token, TLSClientConfig: rest.TLSClientConfig{CAFile: ca}}
	informer, err := informerOf(config, media, namespace, cache.ResourceEventHandlerFuncs{
		AddFunc:    see,
		UpdateFunc: func(_, object any) { see(object) },
	})
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	go informer.Run(stop)
	if !cache.WaitForCacheSync(stop, informer.HasSynced) {
		return fmt.Errorf("the informer did not sync")
	}
	fmt.Println("ready")
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
	}
	lock.Lock()
	defer lock.Unlock()
	output := bufio.NewWriter(os.Stdout)
	for _, sight := range sights {
		fmt.Fprintln(output, sight.version, sight.at)
	}
	return output.Flush()
}
