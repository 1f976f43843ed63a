// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/common"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// newPodSecurityCheck evaluates the pods of Ray's resources against the standard `restricted` of a Kubernetes version.
func newPodSecurityCheck(version string) (check, error) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return nil, err
	}
	parsed, err := api.ParseVersion("v" + version)
	if err != nil {
		return nil, err
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: parsed}
	return func(object *unstructured.Unstructured, _ []byte) ([]string, bool) {
		pods, err := podsOf(object)
		if err != nil {
			return []string{err.Error()}, true
		}
		var violations []string
		for name, pod := range pods {
			for _, result := range evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec) {
				if !result.Allowed {
					violations = append(violations, fmt.Sprintf("%s: %s (%s)", name, result.ForbiddenReason, result.ForbiddenDetail))
				}
			}
		}
		return violations, len(pods) > 0
	}, nil
}

// podsOf are the pods that KubeRay makes of a resource, by a name for messages.
func podsOf(object *unstructured.Unstructured) (map[string]corev1.Pod, error) {
	convert := runtime.DefaultUnstructuredConverter.FromUnstructured
	switch object.GetKind() {
	case "RayCluster":
		var cluster rayv1.RayCluster
		if err := convert(object.Object, &cluster); err != nil {
			return nil, err
		}
		return podsOfCluster(cluster, utils.RayClusterCRD), nil
	case "RayService":
		var service rayv1.RayService
		if err := convert(object.Object, &service); err != nil {
			return nil, err
		}
		cluster := rayv1.RayCluster{ObjectMeta: service.ObjectMeta, Spec: service.Spec.RayClusterSpec}
		return podsOfCluster(cluster, utils.RayServiceCRD), nil
	case "RayJob":
		var job rayv1.RayJob
		if err := convert(object.Object, &job); err != nil {
			return nil, err
		}
		template := common.GetSubmitterTemplate(&job.Spec, job.Spec.RayClusterSpec)
		return map[string]corev1.Pod{"submitter": {ObjectMeta: template.ObjectMeta, Spec: template.Spec}}, nil
	}
	return nil, nil
}

func podsOfCluster(cluster rayv1.RayCluster, creator utils.CRDType) map[string]corev1.Pod {
	ctx := context.Background()
	head := cluster.Spec.HeadGroupSpec
	port := common.GetHeadPort(head.RayStartParams)
	autoscaling := utils.IsAutoscalingEnabled(&cluster.Spec)
	address := utils.GenerateFQDNServiceName(ctx, cluster, cluster.Namespace)
	template := common.DefaultHeadPodTemplate(ctx, cluster, head, "head", port)
	pods := map[string]corev1.Pod{
		"head": common.BuildPod(ctx, template, rayv1.HeadNode, head.RayStartParams, port, autoscaling, creator, address, nil, cluster.Spec.RayVersion),
	}
	for _, group := range cluster.Spec.WorkerGroupSpecs {
		template := common.DefaultWorkerPodTemplate(ctx, cluster, group, group.GroupName, address, port, "", 0, 0)
		pods[group.GroupName] = common.BuildPod(ctx, template, rayv1.WorkerNode, group.RayStartParams, port, autoscaling, creator, address, nil, cluster.Spec.RayVersion)
	}
	return pods
}
