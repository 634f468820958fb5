package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Lists, then reads a round of events for each line of the standard input, and prints what an event costs: ns of processor time of
// all threads, and allocated bytes.
func wire(media, listFile, eventsFile, namespace string) error {
	list, items, err := readList(listFile, media)
	if err != nil {
		return err
	}
	events, count, err := readEvents(eventsFile, media)
	if err != nil {
		return err
	}
	var left atomic.Int64
	done := make(chan struct{}, 1)
	seen := func() {
		if left.Add(-1) == 0 {
			done <- struct{}{}
		}
	}
	left.Store(int64(items))
	server := &canned{media: media, list: list, watch: newBody()}
	informer, err := informerOf(&rest.Config{Host: "http://canned.test", Transport: server}, media, namespace,
		cache.ResourceEventHandlerFuncs{
			AddFunc:    func(any) { seen() },
			UpdateFunc: func(any, any) { seen() },
			DeleteFunc: func(any) { seen() },
		})
	if err != nil {
		return err
	}
	go informer.Run(make(chan struct{}))
	<-done
	fmt.Println("ready")
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		runtime.GC()
		left.Store(int64(count))
		bytes, nanoseconds := allocated(), processorTime()
		server.watch.run(events)
		<-done
		nanoseconds, bytes = processorTime()-nanoseconds, allocated()-bytes
		fmt.Println(nanoseconds/int64(count), bytes/uint64(count), count)
	}
	return nil
}

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

func processorTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
