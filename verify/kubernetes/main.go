// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Command kubernetes-verification judges rendered manifests by the code that a cluster would judge them by.
//
//	kubernetes-verification -check schema|kuberay|pod-security [-crds DIRECTORY] [-version 1.35] FILE...
//
// schema decodes each object strictly into Kubernetes' own types. kuberay validates Ray's objects against KubeRay's custom
// resource definitions, unknown fields included, and with its own validation. pod-security lets KubeRay build the pods,
// with the containers that it adds, and evaluates them against the standard that their namespace enforces.
//
// It prints one line for each violation and ends with 1 if there is any.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// check returns what is wrong with one object, and whether it judged it at all.
type check func(object *unstructured.Unstructured, raw []byte) (violations []string, judged bool)

func main() {
	name := flag.String("check", "", "schema, kuberay or pod-security")
	crds := flag.String("crds", "", "directory of KubeRay's custom resource definitions")
	version := flag.String("version", "1.35", "Kubernetes minor version of the Pod Security Standards")
	flag.Parse()

	judge, err := newCheck(*name, *crds, *version)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	judged, failed := 0, 0
	for _, path := range flag.Args() {
		documents, err := readDocuments(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		for _, document := range documents {
			object := &unstructured.Unstructured{}
			if err := yaml.Unmarshal(document, &object.Object); err != nil {
				fmt.Printf("%s: %v\n", path, err)
				failed++
				continue
			}
			violations, was := judge(object, document)
			if was {
				judged++
			}
			for _, violation := range violations {
				fmt.Printf("%s: %s %s: %s\n", path, object.GetKind(), object.GetName(), violation)
				failed++
			}
		}
	}
	fmt.Printf("%d objects judged, %d violations\n", judged, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func newCheck(name, crds, version string) (check, error) {
	switch name {
	case "schema":
		return checkSchema, nil
	case "kuberay":
		return newKubeRayCheck(crds)
	case "pod-security":
		return newPodSecurityCheck(version)
	}
	return nil, fmt.Errorf("-check is %q; it is schema, kuberay or pod-security", name)
}

func readDocuments(path string) ([][]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	var documents [][]byte
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		var content map[string]any
		if err := yaml.Unmarshal(document, &content); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(content) > 0 {
			documents = append(documents, document)
		}
	}
}
