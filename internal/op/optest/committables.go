// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package optest

import "spate/connector"

// Committables returns the work that a sink has handed over, in order.
func (r *Runtime) Committables() []connector.Committable { return r.prepared }
