// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"spate/internal/graph"
	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
)

// bundle is the trigger of emission by the mini-batch keys: unset, one batch; false, every row; true, latency and size.
func bundle(c *conf.Config) (graph.Bundle, error) {
	on, set := conf.MiniBatchEnabled.Lookup(c)
	if !set {
		return graph.Bundle{}, nil
	}
	if !on {
		return graph.Bundle{PerRow: true}, nil
	}
	b := graph.Bundle{Latency: conf.MiniBatchLatency.Get(c).Milliseconds(), Size: conf.MiniBatchSize.Get(c)}
	if b.Latency <= 0 {
		return b, errs.New(errs.InvalidOption, "'%s' must be greater than 0 when '%s' is true", conf.MiniBatchLatency.Key, conf.MiniBatchEnabled.Key)
	}
	if b.Size <= 0 {
		return b, errs.New(errs.InvalidOption, "Key: '%s' , default: -1 (fallback keys: []) must be > 0.", conf.MiniBatchSize.Key)
	}
	return b, nil
}
