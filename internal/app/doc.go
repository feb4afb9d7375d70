// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package app is the composition root: the only place that sees the front half, the control plane and the data plane. It holds the
// explicit lists of what comes with Spate (connectors, formats, functions) and runs SQL from text to result.
//
// An Engine is safe for concurrent use; a session of it is not.
package app
