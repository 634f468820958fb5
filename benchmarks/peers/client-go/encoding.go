package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/client-go/kubernetes/scheme"
)

const protobuf = "application/vnd.kubernetes.protobuf"

// Reads the list of the harness and returns it in the format of a media type, with the number of its items.
func readList(file, media string) ([]byte, int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, 0, err
	}
	if media != protobuf {
		return data, bytes.Count(data, []byte(`"addressType"`)), nil
	}
	var list discovery.EndpointSliceList
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, 0, err
	}
	encoder, _, err := encoders(media)
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	err = encoder.Encode(&list, &out)
	return out.Bytes(), len(list.Items), err
}

// Reads the events of the harness and returns them in the format of a media type, with their number.
func readEvents(file, media string) ([]byte, int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, 0, err
	}
	if media != protobuf {
		return data, bytes.Count(data, []byte("\n")), nil
	}
	encoder, info, err := encoders(media)
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	stream := streaming.NewEncoder(info.StreamSerializer.Framer.NewFrameWriter(&out), info.StreamSerializer.Serializer)
	lines := bufio.NewReader(bytes.NewReader(data))
	count := 0
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 {
			return out.Bytes(), count, nil
		}
		if err != nil {
			return nil, 0, err
		}
		var event struct {
			Type   string
			Object discovery.EndpointSlice
		}
		if err := json.Unmarshal(line, &event); err != nil {
			return nil, 0, err
		}
		var object bytes.Buffer
		if err := encoder.Encode(&event.Object, &object); err != nil {
			return nil, 0, err
		}
		frame := &metav1.WatchEvent{Type: event.Type, Object: runtime.RawExtension{Raw: object.Bytes()}}
		if err := stream.Encode(frame); err != nil {
			return nil, 0, err
		}
		count++
	}
}

func encoders(media string) (runtime.Encoder, runtime.SerializerInfo, error) {
	info, ok := runtime.SerializerInfoForMediaType(scheme.Codecs.SupportedMediaTypes(), media)
	if !ok || info.StreamSerializer == nil {
		return nil, info, fmt.Errorf("there is no streaming format %s", media)
	}
	return scheme.Codecs.EncoderForVersion(info.Serializer, discovery.SchemeGroupVersion), info, nil
}

// Writes the list and the events as protobuf, so that the harness can give them to another client.
func encode(list, events, outList, outEvents string) error {
	data, _, err := readList(list, protobuf)
	if err != nil {
		return err
	}
	if err := os.WriteFile(outList, data, 0o644); err != nil {
		return err
	}
	data, _, err = readEvents(events, protobuf)
	if err != nil {
		return err
	}
	return os.WriteFile(outEvents, data, 0o644)
}
