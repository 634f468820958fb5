package main

import (
	"bytes"
	"io"
	"net/http"
	"sync"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// The largest TLS record, and the frame size of HTTP/2.
const maxRead = 16 * 1024

// A body of a watch that gives the events of a round to its reader, and then waits for the next round.
type body struct {
	lock sync.Mutex
	more *sync.Cond
	rest []byte
	over bool
}

func newBody() *body {
	b := &body{}
	b.more = sync.NewCond(&b.lock)
	return b
}

func (b *body) run(events []byte) {
	b.lock.Lock()
	b.rest = events
	b.lock.Unlock()
	b.more.Broadcast()
}

func (b *body) Read(into []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	for len(b.rest) == 0 && !b.over {
		b.more.Wait()
	}
	if b.over {
		return 0, io.EOF
	}
	n := copy(into, b.rest[:min(len(b.rest), maxRead)])
	b.rest = b.rest[n:]
	return n, nil
}

func (b *body) Close() error {
	b.lock.Lock()
	b.over = true
	b.lock.Unlock()
	b.more.Broadcast()
	return nil
}

// Answers as an API server does, from memory.
type canned struct {
	media string
	list  []byte
	watch *body
}

func (c *canned) RoundTrip(request *http.Request) (*http.Response, error) {
	response := &http.Response{
		Status: "200 OK", StatusCode: 200, Proto: "HTTP/2.0", ProtoMajor: 2, Header: http.Header{}, Request: request, ContentLength: -1,
	}
	if request.URL.Query().Get("watch") == "" {
		response.Header.Set("Content-Type", c.media)
		response.Body = io.NopCloser(bytes.NewReader(c.list))
		return response, nil
	}
	response.Header.Set("Content-Type", c.media+";stream=watch")
	response.Body = c.watch
	return response, nil
}

func informerOf(config *rest.Config, media, namespace string, handler cache.ResourceEventHandler) (cache.SharedIndexInformer, error) {
	config.ContentType = media
	config.AcceptContentTypes = media
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	informer := factory.Discovery().V1().EndpointSlices().Informer()
	_, err = informer.AddEventHandler(handler)
	return informer, err
}
