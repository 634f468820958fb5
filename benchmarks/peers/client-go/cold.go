package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Prints, for the time from the first request to the last object of the list: ns, ns of processor time, allocated bytes, what the heap
// keeps, and by what the resident memory has grown at most and after a collection.
func cold(media, listFile, namespace string) error {
	list, items, err := readList(listFile, media)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the largest resident memory starts over
		return err
	}
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
	stop := make(chan struct{})
	defer close(stop)
	resident := status("VmRSS:")
	bytes, nanoseconds, kept, start := allocated(), processorTime(), heap(), time.Now()
	go informer.Run(stop)
	<-done
	elapsed := time.Since(start)
	nanoseconds, bytes = processorTime()-nanoseconds, allocated()-bytes
	peak := status("VmHWM:")
	debug.FreeOSMemory()
	kept = heap() - kept
	steady := status("VmRSS:")
	fmt.Println(elapsed.Nanoseconds(), nanoseconds, bytes, kept, peak-resident, steady-resident)
	runtime.KeepAlive(informer)
	runtime.KeepAlive(list)
	return nil
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A line of the memory of this process, in bytes.
func status(name string) int {
	lines, _ := os.ReadFile("/proc/self/status")
	kib := 0
	if _, rest, found := strings.Cut(string(lines), name); found {
		fmt.Sscan(rest, &kib)
	}
	return kib << 10
}
