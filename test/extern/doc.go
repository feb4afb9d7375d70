// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package extern checks that the public packages suffice to extend the engine: its test builds the module in
// testdata/extension, which lies outside of this one, implements a source, a sink, a format and a scalar function, and runs
// them in SQL.
package extern
