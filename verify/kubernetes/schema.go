// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

var strict = serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

// checkSchema decodes an object of Kubernetes' own API groups; an unknown or duplicate field is an error.
func checkSchema(object *unstructured.Unstructured, raw []byte) ([]string, bool) {
	if !scheme.Scheme.IsVersionRegistered(object.GroupVersionKind().GroupVersion()) {
		return nil, false
	}
	if _, _, err := strict.Decode(raw, nil, nil); err != nil {
		return []string{err.Error()}, true
	}
	return nil, true
}
