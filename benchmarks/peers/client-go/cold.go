package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Prints the time from the first request to the last object of the list, with what this process has allocated, its largest and its
// last resident memory, and the heap that it keeps.
func cold(media, listFile, namespace string) error {
	list, items, err := readList(listFile, media)
	if err != nil {
		return err
	}
	runtime.GC()
	var left atomic.Int64
	done := make(chan struct{}, 1)
	left.Store(int64(items))
	server := &canned{media: media, list: list, watch: newBody()}
	informer, err := informerOf(&rest.Config{Host: "http://canned.test", Transport: server}, media, namespace,
		cache.ResourceEventHandlerFuncs{
			AddFunc: func(any) {
				if left.Add(-1) == 0 {
					done <- struct{}{}
				}
			},
		})
	if err != nil {
		return err
	}
	bytes, nanoseconds, kept, start := allocated(), processorTime(), heap(), time.Now()
	go informer.Run(make(chan struct{}))
	<-done
	elapsed := time.Since(start)
	nanoseconds, bytes = processorTime()-nanoseconds, allocated()-bytes
	runtime.GC()
	kept = heap() - kept
	fmt.Printf("%d %d %d %d %d\n", elapsed.Nanoseconds(), nanoseconds, bytes, kept, peak())
	runtime.KeepAlive(informer)
	runtime.KeepAlive(list)
	return nil
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// The largest resident memory, in bytes.
func peak() int {
	status, _ := os.ReadFile("/proc/self/status")
	kib := 0
	if _, rest, found := strings.Cut(string(status), "VmHWM:"); found {
		fmt.Sscan(rest, &kib)
	}
	return kib << 10
}
