// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import "spate/connector"

// SetMinRange makes a source cut files into ranges of at least n bytes.
func SetMinRange(s connector.Source, n int64) { s.(*source).minRange = n } //nolint:forcetypeassert // A source of this package.
