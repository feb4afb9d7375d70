// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package readme checks that the tour in README.md works by copy and paste: its test runs the blocks and looks for what they
// must print.
package readme
