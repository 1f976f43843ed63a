// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Command quantity says of each line of its input what Kubernetes makes of it: "invalid", or the
// quantity in nano-units as a whole number. A quantity is valid if the custom resource
// definitions' pattern admits it and the API server can parse it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"regexp"

	"k8s.io/apimachinery/pkg/api/resource"
)

// The pattern of every quantity in the RayCluster CRD.
var pattern = regexp.MustCompile(`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(out, nano(text))
	}
}

func nano(text string) string {
	if !pattern.MatchString(text) {
		return "invalid"
	}
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return "invalid"
	}
	decimal := quantity.AsDec()
	exponent := big.NewInt(int64(9 - int(decimal.Scale())))
	value := new(big.Int).Set(decimal.UnscaledBig())
	if exponent.Sign() >= 0 {
		return value.Mul(value, new(big.Int).Exp(big.NewInt(10), exponent, nil)).String()
	}
	return value.Quo(value, new(big.Int).Exp(big.NewInt(10), exponent.Neg(exponent), nil)).String()
}
