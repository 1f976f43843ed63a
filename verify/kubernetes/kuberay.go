// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

// definition is one version of a custom resource definition, ready to judge with.
type definition struct {
	validator  validation.SchemaValidator
	structural *structuralschema.Structural
}

// newKubeRayCheck reads the custom resource definitions of a directory.
func newKubeRayCheck(directory string) (check, error) {
	paths, err := filepath.Glob(filepath.Join(directory, "*.yaml"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("no custom resource definitions in %q", directory)
	}
	definitions := map[schema.GroupVersionKind]definition{}
	for _, path := range paths {
		if err := readDefinitions(path, definitions); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return func(object *unstructured.Unstructured, _ []byte) ([]string, bool) {
		if object.GroupVersionKind().Group != rayv1.GroupVersion.Group {
			return nil, false
		}
		found, ok := definitions[object.GroupVersionKind()]
		if !ok {
			return []string{"KubeRay has no such kind"}, true
		}
		return append(found.judge(object), judgeByOperator(object)...), true
	}, nil
}

func readDefinitions(path string, definitions map[schema.GroupVersionKind]definition) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var external apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(content, &external); err != nil {
		return err
	}
	for _, version := range external.Spec.Versions {
		var internal apiextensions.CustomResourceValidation
		if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, &internal, nil); err != nil {
			return err
		}
		validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
		if err != nil {
			return err
		}
		structural, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
		if err != nil {
			return err
		}
		kind := schema.GroupVersionKind{Group: external.Spec.Group, Version: version.Name, Kind: external.Spec.Names.Kind}
		definitions[kind] = definition{validator, structural}
	}
	return nil
}

// judge validates as an API server does, and names the fields that one would silently drop.
func (d definition) judge(object *unstructured.Unstructured) []string {
	var violations []string
	for _, err := range validation.ValidateCustomResource(nil, object.Object, d.validator) {
		violations = append(violations, err.Error())
	}
	if rules := cel.NewValidator(d.structural, true, celconfig.PerCallLimit); rules != nil {
		errs, _ := rules.Validate(context.Background(), nil, d.structural, object.Object, nil, celconfig.RuntimeCELCostBudget)
		for _, err := range errs {
			violations = append(violations, err.Error())
		}
	}
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(object.DeepCopy().Object, d.structural, true, options) {
		violations = append(violations, "unknown field "+path)
	}
	return violations
}

// judgeByOperator runs the checks that the operator makes before it acts on a resource.
func judgeByOperator(object *unstructured.Unstructured) []string {
	var err error
	convert := runtime.DefaultUnstructuredConverter.FromUnstructured
	switch object.GetKind() {
	case "RayCluster":
		var cluster rayv1.RayCluster
		if err = convert(object.Object, &cluster); err == nil {
			if err = utils.ValidateRayClusterMetadata(cluster.ObjectMeta); err == nil {
				err = utils.ValidateRayClusterSpec(&cluster.Spec, cluster.Annotations)
			}
		}
	case "RayJob":
		var job rayv1.RayJob
		if err = convert(object.Object, &job); err == nil {
			if err = utils.ValidateRayJobMetadata(job.ObjectMeta); err == nil {
				err = utils.ValidateRayJobSpec(&job)
			}
		}
	case "RayService":
		var service rayv1.RayService
		if err = convert(object.Object, &service); err == nil {
			if err = utils.ValidateRayServiceMetadata(service.ObjectMeta); err == nil {
				err = utils.ValidateRayServiceSpec(&service)
			}
		}
	}
	if err != nil {
		return []string{"the operator refuses it: " + err.Error()}
	}
	return nil
}
