// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package functions checks the declarations of the SQL functions: that each is documented and that its example gives what it
// says.
package functions
